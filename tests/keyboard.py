"""Commands of a running demo, one after the other in one process: what `manage.py` does, without its start of seconds.

A line of JSON comes in for each: its words. A line goes out: whether it went well, and what it printed.
"""

import contextlib
import io
import json
import sys
import traceback


def main():
    """Serve until the other end is closed."""
    import django

    django.setup()
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        well, said = run(json.loads(line))
        print(json.dumps({"well": well, "said": said}), file=answers, flush=True)


def run(words):
    """One command; nothing of it stays in the process."""
    from django.core.management import call_command
    from django.db import connections
    from django.utils import translation

    said, well = io.StringIO(), True
    try:
        translation.deactivate()
        with contextlib.redirect_stdout(said):
            call_command(*words)
    except (Exception, SystemExit):  # noqa: BLE001 - told to whoever asked
        well = False
        said.write(traceback.format_exc())
    connections.close_all()
    return well, said.getvalue()


if __name__ == "__main__":
    main()
