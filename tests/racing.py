"""The same deed from several connections at the same moment."""

from threading import Barrier, Thread

from django.db import connection


def at_once(company, number, deed):
    """`deed(0)`, `deed(1)` … in threads of their own; returns what each said or raised."""
    together, said = Barrier(number), []

    def go(n):
        connection.set_tenant(company)
        together.wait(timeout=20)
        try:
            said.append(deed(n))
        except Exception as fault:  # noqa: BLE001 - told to the test
            said.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=go, args=[n]) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said
