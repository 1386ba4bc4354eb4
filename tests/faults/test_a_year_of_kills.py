"""Whatever is killed during a year, the same letters go out: none twice, none lost (reliability R19 to R31).

Two demos walk from 22 November 2026 through a year. In one of them worker, beat, web, Redis and PostgreSQL are
killed with -9, in turn, again and again. Afterwards ledger, outbox and the mail catcher are compared.
"""

import itertools
import threading
import time

from tests.running_demo import RunningDemo

MONTHS = 12
VICTIMS = ["Worker", "Beat", "Web", "Valkey", "PostgreSQL"]


def a_year(*, kills: bool):
    demo = RunningDemo()
    try:
        demo.start()
        done = threading.Event()
        killed = []
        killer = threading.Thread(target=kill_in_turn, args=(demo, done, killed))
        if kills:
            killer.start()
        for _month in range(MONTHS):
            demo.push("+1m")
        done.set()
        if kills:
            killer.join()
        wait_until_well(demo)
        time.sleep(20)  # a letter whose sender was killed is free again
        demo.push("+1d")
        return {
            "killed": killed,
            "ledger": {name: rows_of(demo, name) for name in ("nordvik", "saimaa")},
            "outbox": {name: letters_of(demo, name) for name in ("nordvik", "saimaa")},
            "copies": demo.caught(),
            "findings": demo.manage("check_invariants") + demo.manage("verify_journal"),
        }
    finally:
        demo.forget()


def kill_in_turn(demo, done, killed):
    """Each in turn, for as long as the year takes; the next one when the demo has come back."""
    for victim in itertools.cycle(VICTIMS):
        if done.wait(2):
            return
        try:
            demo.kill(victim)
        except (ProcessLookupError, StopIteration):
            continue  # it is being started again
        killed.append(victim)
        wait_until_well(demo)


def wait_until_well(demo):
    deadline = time.monotonic() + 120
    while not demo.is_well():
        assert time.monotonic() < deadline, "the demo did not come back"
        time.sleep(0.5)


def rows_of(demo, company):
    rows = demo.json("reminders", "--company", company, "--json")
    return sorted((r["device"], r["stage"], r["renewal_date"], r["recipient"] or "", r["state"]) for r in rows)


def letters_of(demo, company):
    letters = demo.json("mails", "--company", company, "--json")
    return sorted((m["key"], m["template"], m["recipient"], m["state"]) for m in letters)


def test_the_same_letters_go_out_whatever_is_killed():
    quiet = a_year(kills=False)
    rough = a_year(kills=True)

    assert len(rough["killed"]) >= 10
    assert set(rough["killed"]) == set(VICTIMS)
    assert keyless(rough["outbox"]) == keyless(quiet["outbox"])
    assert stateless(rough["ledger"]) == stateless(quiet["ledger"])
    assert len(rough["copies"]) == len(quiet["copies"]) == sum(map(len, rough["outbox"].values()))
    twice = {name: count for name, count in rough["copies"].items() if count > 1}
    assert len(twice) <= rough["killed"].count("Worker") + rough["killed"].count("PostgreSQL")
    print(f"killed {len(rough['killed'])}, letters {len(rough['copies'])}, sent again with the same id {len(twice)}")
    assert rough["findings"].strip() == quiet["findings"].strip()


def keyless(outbox):
    """Letters by whom they went to and what they were: references in keys are random in each demo."""
    return {company: sorted((t, r, s) for _key, t, r, s in letters) for company, letters in outbox.items()}


def stateless(ledger):
    """Rows without the device's random reference."""
    return {company: sorted(row[1:] for row in rows) for company, rows in ledger.items()}
