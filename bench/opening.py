"""A board with 2,000 notes is opened on a slow phone: Debian's Chromium with its processor slowed down. Prints JSON.

    python bench/opening.py [--notes 2000] [--slower 6] [--rounds 5]

Milliseconds from the beginning of the navigation. `usable` is the first frame that was drawn after the page was whole and
its script had run; `server` is until the first byte of the page. The median of some openings, each in a fresh context.
"""

import argparse
import json
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from installation import Installation, scratch

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-quic")
PHONE = {"width": 360, "height": 740}
WATCH = """
window.bench = { long: [], paint: {}, usable: 0 };
new PerformanceObserver((seen) => bench.long.push(...seen.getEntries().map((one) => one.duration)))
  .observe({ type: "longtask", buffered: true });
new PerformanceObserver((seen) => seen.getEntries().forEach((one) => (bench.paint[one.name] = one.startTime)))
  .observe({ type: "paint", buffered: true });
document.addEventListener("DOMContentLoaded", () =>
  requestAnimationFrame(() => requestAnimationFrame(() => (bench.usable = performance.now()))));
"""
READ = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const { long, paint, usable } = bench;
  return {
    server: page.responseStart - page.requestStart, received: page.responseEnd,
    dom_content_loaded: page.domContentLoadedEventEnd, first_contentful_paint: paint["first-contentful-paint"],
    load: page.loadEventEnd, usable, longest_task: Math.max(0, ...long), tasks_over_50: long.length,
    kilobytes: page.encodedBodySize / 1024, elements: document.getElementsByTagName("*").length,
  };
}"""


def opened(browser: Browser, address: str, digits: str, slower: float) -> dict[str, float]:
    """What one opening took."""
    context = browser.new_context(viewport=PHONE)
    context.add_cookies([{"name": "gehoor-bord", "value": digits, "url": address}])
    page = context.new_page()
    page.add_init_script(WATCH)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(address, wait_until="load")
    page.wait_for_function("bench.usable > 0")
    page.wait_for_timeout(500)  # a long task is told when it is over
    found: dict[str, float] = page.evaluate(READ)
    context.close()
    return found


def main() -> None:
    """Open it some times; the first opening warms the server and does not count."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--notes", type=int, default=2000)
    words.add_argument("--slower", type=float, default=6)
    words.add_argument("--rounds", type=int, default=5)
    wanted = words.parse_args()
    with scratch("opening") as folder, Installation(folder, name="opening") as house:
        house.run("office", "add", "Leerplicht Voorbeeldstad", "--slug", "office")
        seats: dict[str, Any] = house.inside("board", {"people": 1, "notes": wanted.notes})
        house.server.start()
        address = f"http://127.0.0.1:{house.port}/bord/{seats['meeting']}/"
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            found = [opened(browser, address, seats["digits"][0], wanted.slower) for _ in range(wanted.rounds + 1)][1:]
            browser.close()
    print(json.dumps({name: round(median(one[name] for one in found), 1) for name in found[0]}, indent=1))


if __name__ == "__main__":
    main()
