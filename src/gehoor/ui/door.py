"""The respondent's stylesheet as text, so that the first page is one request under a strict content policy."""

import base64
import hashlib
import re
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

_SOURCE = Path(__file__).parent / "static" / "ui" / "door.css"


def squeezed(css: str) -> str:
    """The same stylesheet without comments and needless white space; the space before `:` and `(` has meaning and stays."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,>])\s*", r"\1", css)
    css = re.sub(r"(?<![\w.])0\.(?=\d)", ".", css)
    return re.sub(r":\s+", ":", css).replace(";}", "}").replace(" !", "!").strip()


def csp_hash(css: str) -> str:
    """Base64 of the SHA-256 of a `<style>` body, to be written in a policy as `'sha256-<this>'`."""
    return base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()


def style_element(css: str) -> SafeString:
    """`css` as a `<style>` element whose body is exactly `css`. Raises ValueError where it could end the element."""
    if "</" in css:
        raise ValueError("a stylesheet with '</' in it could leave its <style> element")
    return mark_safe(f"<style>{css}</style>")  # noqa: S308 -- own stylesheet, checked above


STYLE = squeezed(_SOURCE.read_text(encoding="utf-8"))
STYLE_SHA256 = csp_hash(STYLE)
