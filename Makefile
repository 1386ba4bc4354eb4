# `make` lists the commands. Everything is kept in this folder: .venv, node_modules, .velory.

PYTHON := $(shell for p in python3 python3.13 python3.12 python3.14 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$p" && break; done)
OWN := .venv/bin/python
c ?=

.PHONY: help setup demo test check bench faults everypage fivethousand screenshots lighthouse lifelines variables with manage clean

help:  ## list the commands
	@echo "Velory"; echo
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name does; do printf '%-20s %s\n' "$$name" "$$does"; done
	@echo; echo "  README.md says what Velory is and where to read next."

setup:  ## fetch and build what Velory needs, in this folder; skips what is there
	@test -n "$(PYTHON)" || { echo "Velory's set-up needs Python 3.11 or newer, and none was found. Install one and start again." >&2; exit 2; }
	@"$(PYTHON)" bin/setup.py

demo: setup  ## show Velory running, with two sample companies; Ctrl-C stops it
	@exec $(OWN) -m velory.demo.launcher

test: setup  ## every check and every test, a real browser included
	@exec $(OWN) -m velory.demo.testbed $(OWN) bin/check.py --tests $(c)

check: setup  ## the checks without the tests: format, lint, types, migrations, floors, generated files
	@exec $(OWN) -m velory.demo.testbed $(OWN) bin/check.py

bench: setup  ## the figures: speed, memory, number of queries
	@exec $(OWN) -m velory.demo.testbed $(OWN) bin/check.py --bench $(c)

faults: setup  ## kill each process in turn, and see that no letter is lost or sent twice
	@exec $(OWN) -m velory.demo.testbed $(OWN) -m pytest tests/faults -s -p no:randomly $(c)

everypage: setup  ## look at every page in both themes, languages and widths: axe, sideways scrolling, errors
	@VELORY_EVERY_PAGE=1 exec $(OWN) -m velory.demo.testbed $(OWN) bin/check.py --browser -s -p no:randomly \
		tests/journeys/test_every_page.py $(c)

fivethousand: setup  ## change 5,000 devices at once in a browser and take it back; prints what it took
	@exec $(OWN) -m velory.demo.testbed $(OWN) bin/check.py --browser -s tests/journeys/five_thousand_devices.py

lighthouse: setup  ## what Lighthouse says of the pages that people see most
	@exec $(OWN) -m tests.lighthouse.measure

screenshots: setup  ## twenty screens into screenshots/, and the handbook's pictures anew; c=tests/journeys: every screen
	@for what in $(or $(c),tests/journeys/twenty_screens.py tests/journeys/test_the_handbook.py); do \
		VELORY_SCREENSHOTS=screenshots VELORY_HANDBOOK=1 $(OWN) -m velory.demo.testbed $(OWN) bin/check.py --browser \
		-p no:randomly $$what || exit 1; done

lifelines: setup  ## write docs/lifelines.md from the code
	@exec $(OWN) -m velory.demo.testbed $(OWN) manage.py lifelines

variables: setup  ## write README's table of variables from velory/environment.py
	@exec $(OWN) bin/variables.py

with: setup  ## run c="…" with a database and a broker made for it: make with c="pytest tests/kernel"
	@PATH="$(CURDIR)/.venv/bin:$$PATH" exec $(OWN) -m velory.demo.testbed $(c)

manage: setup  ## run manage.py against the running demo: make manage c="reminders --company nordvik"
	@exec $(OWN) manage.py $(c)

clean:  ## forget the demo's data
	@exec "$(PYTHON)" -m velory.demo.launcher --forget
