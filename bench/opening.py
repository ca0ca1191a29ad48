"""A board with 2,000 notes is opened on a slow phone: Debian's Chromium with its processor slowed down. Prints JSON.

    python bench/opening.py [--notes 2000] [--slower 6] [--rounds 7]

Milliseconds from the beginning of the navigation. `drawn` is the moment at which the largest thing of the first screen stood
there (LCP); `usable` the first frame that was drawn after the page was whole and its script had run; `server` is until the
first byte of the page. Three ways, turn by turn, the median of each:

* `from_the_door`: as a guest comes in, in the tab where the code was typed a moment ago;
* `from_nothing`: the address typed in a browser that was just started, so that its own start counts too;
* `our_shortest`: the page that asks for the code, from nothing: what of all this is the browser and not the board.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from installation import Installation, scratch

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-quic")
PHONE = {"width": 360, "height": 740}
LOOKED_AT = 2000
"""Milliseconds after which the page is asked what it saw. Asking costs the slow processor a tenth of a second, so never before."""

WATCH = """
window.bench = { long: [], paint: {}, drawn: 0, usable: 0 };
new PerformanceObserver((seen) => bench.long.push(...seen.getEntries().map((one) => one.duration)))
  .observe({ type: "longtask", buffered: true });
new PerformanceObserver((seen) => seen.getEntries().forEach((one) => (bench.paint[one.name] = one.startTime)))
  .observe({ type: "paint", buffered: true });
new PerformanceObserver((seen) => seen.getEntries().forEach((one) => (bench.drawn = one.startTime)))
  .observe({ type: "largest-contentful-paint", buffered: true });
document.addEventListener("DOMContentLoaded", () =>
  requestAnimationFrame(() => requestAnimationFrame(() => (bench.usable = performance.now()))));
"""
READ = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const { long, paint, drawn, usable } = bench;
  return {
    server: page.responseStart - page.requestStart, received: page.responseEnd,
    dom_content_loaded: page.domContentLoadedEventEnd, first_contentful_paint: paint["first-contentful-paint"],
    drawn, usable, load: page.loadEventEnd, longest_task: Math.max(0, ...long), tasks_over_50: long.length,
    kilobytes: page.encodedBodySize / 1024, elements: document.getElementsByTagName("*").length,
  };
}"""


def opened(browser: Browser, address: str, digits: str, slower: float, *, door: str = "") -> dict[str, float]:
    """What one opening took, in a fresh context; in a tab where another page stands already when `door` says which."""
    context = browser.new_context(viewport=PHONE)
    context.add_cookies([{"name": "gehoor-bord", "value": digits, "url": address}])
    page = context.new_page()
    page.add_init_script(WATCH)
    if door:
        page.goto(door, wait_until="load")
        page.wait_for_timeout(LOOKED_AT)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(LOOKED_AT)
    found: dict[str, float] = page.evaluate(READ)
    context.close()
    return found


def main() -> None:
    """Open it some times; the first opening warms the server and does not count."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--notes", type=int, default=2000)
    words.add_argument("--slower", type=float, default=6)
    words.add_argument("--rounds", type=int, default=7)
    wanted = words.parse_args()
    with scratch("opening") as folder, Installation(folder, name="opening") as house:
        house.run("office", "add", "Leerplicht Voorbeeldstad", "--slug", "office")
        seats: dict[str, Any] = house.inside("board", {"people": 1, "notes": wanted.notes})
        house.server.start()
        board = f"http://127.0.0.1:{house.port}/bord/{seats['meeting']}/"
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            door = f"http://127.0.0.1:{house.port}/m/"
            ways: dict[str, Callable[[], dict[str, float]]] = {
                "from_the_door": lambda: opened(browser, board, seats["digits"][0], wanted.slower, door=door),
                "from_nothing": lambda: opened(browser, board, seats["digits"][0], wanted.slower),
                "our_shortest": lambda: opened(browser, door, seats["digits"][0], wanted.slower),
            }
            rounds = [{name: way() for name, way in ways.items()} for _ in range(wanted.rounds + 1)][1:]
            browser.close()
    print(json.dumps({name: medians([one[name] for one in rounds]) for name in ways}, indent=1))


def medians(found: list[dict[str, float]]) -> dict[str, float]:
    """Of each figure the median of some openings."""
    return {name: round(median(one[name] for one in found), 1) for name in found[0]}


if __name__ == "__main__":
    main()
