"""How soon Leads can be used, with nothing kept and 1,000 leads: `python -m tests.e2e.measure`.

Chromium on this machine, the built page answered by tests/e2e/replay.py. Usable is: the first row
is drawn and its status opens.
"""

from __future__ import annotations

import shutil
import sys
from statistics import median
from time import perf_counter

from playwright.sync_api import expect, sync_playwright

from local.web_build import build
from tests.e2e.flags import FLAGS
from tests.e2e.picture_rows import NOW
from tests.e2e.replay import HOME, Replay
from tests.support.template import ROOT

LEADS = 1_000
TIMES = 5
SLOWER = 4
"""A phone's processor against this one's."""


def main() -> None:
    """Prints the middle of five loads, as this processor is and four times slower."""
    build(ROOT / "web")
    replay = Replay()
    some = replay.rows["leads"]
    replay.rows["leads"] = [
        {**some[number % len(some)], "id": f"lead_{number:04}"} for number in range(LEADS)
    ]
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for slower in (1, SLOWER):
            taken = []
            for _ in range(TIMES):
                context = browser.new_context(service_workers="block")
                replay.serve(context)
                page = context.new_page()
                page.clock.set_system_time(NOW)
                session = context.new_cdp_session(page)
                session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
                started = perf_counter()
                page.goto(HOME + "en/leads")
                first = page.locator("[data-lead-id]").first
                first.get_by_role("button", name="Change the status").click()
                expect(page.get_by_role("menuitem").first).to_be_visible()
                taken.append(perf_counter() - started)
                context.close()
            told = f"{slower} x slower: {1000 * median(taken):.0f} ms of {LEADS} leads, cold\n"
            sys.stdout.write(told)
        browser.close()


if __name__ == "__main__":
    main()
