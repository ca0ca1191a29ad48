"""What the tests do on a page and measure of it. All of it works while the page itself may run no script."""

from collections.abc import Iterator, Mapping
from typing import Any

STEPS = ("start", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "klaar")
HELP = ("112", "0800-0432", "0800-2000")
LONG = "Leg de brief beter uit. " * 100  # more than the 2000 characters that a text may have

# WCAG 1.4.12: what a reader may set without anything getting lost.
SPACING = "* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important} p {margin-block-end: 2em !important}"

SEEN = "el => el.checkVisibility({checkVisibilityCSS: true}) && !el.closest('.verborgen, .unseen, [hidden]')"
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = f"""most => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, select, summary')]
  .filter({SEEN}).map(el => [el, el.getBoundingClientRect()]).filter(([el, box]) => Math.min(box.width, box.height) < most - .5)
  .map(([el, box]) => `${{el.outerHTML.slice(0, 90)}} ${{Math.round(box.width)}}x${{Math.round(box.height)}}`)"""
# Words that stick out of the page or of the box that they stand in.
CUT_OFF = f"""() => {{
  const cut = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {{
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || !({SEEN})(parent) || parent.closest('.table-scroll, textarea, progress')) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    const box = (parent.closest('.knop, .weg, .keuze, .gezicht, .blad, .fouten, .button, .card, .notice') ?? document.documentElement).getBoundingClientRect();
    for (const line of range.getClientRects())
      if (line.width > 1 && (line.left < box.left - 1 || line.right > box.right + 1 || line.bottom > box.bottom + 1))
        cut.push(node.data.trim().slice(0, 60));
  }}
  return [...new Set(cut)];
}}"""
FOCUS = """() => {
  const el = document.activeElement, style = getComputedStyle(el), box = el.getBoundingClientRect();
  const shown = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  const top = document.elementFromPoint(box.left + box.width / 2, Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
  const free = !!top && (el.contains(top) || top.contains(el) || !!el.closest('label')?.contains(top));
  // Between the parts of a day the browser draws its own ring, around the little calendar.
  const part = el.type === 'date' && !el.matches(':focus');
  return {name: el.id || el.textContent.trim().slice(0, 40) || el.tagName, shown: part || (el.matches(':focus-visible') && shown), free, none: el === document.body};
}"""


def shown(page: Any) -> list[str]:
    """The steps that are on the screen."""
    return [name for name in STEPS if page.locator(f"#{name}").is_visible()]


def press(page: Any, selector: str) -> None:
    """Press something that brings a new page, and wait for it."""
    with page.expect_navigation():
        page.locator(selector).click()


def step(page: Any, name: str) -> None:
    """Go to a step of the page that is open, as its links do."""
    page.goto(page.url.partition("#")[0] + f"#{name}")


ANSWER_SOMETHING = """() => {
  const given = [...document.querySelectorAll('[name^="q."]')].some(el => el.matches(':checked') || (el.value && !el.matches('[type=radio], [type=checkbox]')));
  if (!given) document.querySelector('[name^="q."][type=radio]').checked = true;
}"""


def send(page: Any) -> None:
    """Send the form from whatever step; an empty one would only come back."""
    page.evaluate(ANSWER_SOMETHING)
    if not page.locator("[name=verstuur]").is_visible():
        step(page, "klaar")
    press(page, "[name=verstuur]")


def receipt(page: Any) -> str:
    """The receipt on the page "bewaard"."""
    return str(page.locator(".bewijs").inner_text())


def take_back(page: Any, code: str) -> None:
    """Type a receipt and send it."""
    page.goto("/terugnemen/")
    page.fill("#bewijs", code)
    press(page, ".verder .knop")


def focus(page: Any) -> dict[str, Any]:
    """Where the keyboard is, whether one can see it, and whether something lies over it."""
    found: dict[str, Any] = page.evaluate(FOCUS)
    return found


def takes_focus(page: Any, selector: str) -> None:
    """Wait until the element has the focus: a browser gives it when it draws the page, and that may be after the page is there."""
    page.wait_for_function("selector => document.activeElement.matches(selector)", arg=selector)


def tab_to(page: Any, selector: str, *, most: int = 60) -> list[dict[str, Any]]:
    """Press Tab until the element has the focus. Returns every stop on the way, the element included."""
    stops = []
    for _time in range(most):
        page.keyboard.press("Tab")
        stops.append(focus(page))
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return stops
    raise AssertionError(f"Tab does not reach {selector}; it stops at {[stop['name'] for stop in stops]}")


def spaced(page: Any) -> None:
    """Set the reader's own text spacing. A sheet of CSSOM is no inline style, so the content policy lets it pass."""
    page.evaluate(
        "css => {const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]}",
        SPACING,
    )


def unspaced(page: Any) -> None:
    """Take that away."""
    page.evaluate("() => {document.adoptedStyleSheets = []}")


def walk(page: Any, server: Any) -> Iterator[str]:
    """A client's way through every page there is. Yields the name of the page that is open now."""
    page.goto("/")
    yield "code"
    page.goto("/v/abc")
    yield "wrong code"
    page.goto(server.code()["url"])
    yield "start"
    for name in STEPS[1:]:
        step(page, name)
        yield name
    page.fill("#v8-in", LONG) if page.locator("#v8-in").is_visible() else _fill_from(page, "v8")
    send(page)
    yield "errors"
    page.fill("#v8-in", "Korter.")
    send(page)
    yield "bewaard"
    code, saved = receipt(page), page.url
    press(page, "form[action^='/bewijs/'] button")
    yield "bewijs"
    page.goto("/vragen/")
    yield "klaar"
    page.goto(saved)
    yield "bewaard, again"
    page.goto("/terugnemen/")
    yield "terugnemen"
    take_back(page, "1234")
    yield "terugnemen, wrong"
    take_back(page, code)
    yield "teruggenomen"
    yield from _shut(page, server)


def _fill_from(page: Any, name: str) -> None:
    step(page, name)
    page.fill(f"#{name}-in", LONG)


def _shut(page: Any, server: Any) -> Iterator[str]:
    page.goto(server.unused["closing"][0]["url"])
    yield "closed"
    page.goto(server.unused["soon"][0]["url"])
    yield "not yet"
    page.goto("/bestaat-niet/")
    yield "404"
    page.goto("/stop/")
    yield "gestopt"


def wire_bytes(sizes: Mapping[str, int]) -> int:
    """Head and body of a response, as they went over the wire."""
    return sizes["responseHeadersSize"] + sizes["responseBodySize"]
