"""An OpenDocument text (ISO/IEC 26300), written by hand: five small files in a zip. Pure.

No author and no moment stand in it, and the same board gives the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
COUNTRIES = {"nl": "NL", "en": "GB"}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        ("office", "office"), ("style", "style"), ("text", "text"), ("fo", "xsl-fo-compatible"), ("meta", "meta"),
    )
)  # fmt: skip
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # a zip must hold a moment


def document(board: Mapping[str, Any]) -> bytes:
    """The file, from the texts that `exports` gives."""
    files = {
        "content.xml": _content(board),
        "styles.xml": _styles(board["lang"]),
        "meta.xml": _meta(board),
        "META-INF/manifest.xml": _manifest(),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        # First and not compressed: by this a file manager knows what it is.
        package.writestr(_entry("mimetype", zipfile.ZIP_STORED), MEDIA_TYPE)
        for name, text in files.items():
            package.writestr(_entry(name, zipfile.ZIP_DEFLATED), text)
    return made.getvalue()


def _entry(name: str, way: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.compress_type = way
    entry.external_attr = 0o600 << 16
    return entry


def _words(text: str) -> str:
    """Text for XML: markup stays text, a new line and a tab get their own element, a row of spaces stays a row."""
    safe = escape(_NO_XML.sub("", text))
    safe = re.sub(r" {2,}", lambda row: f' <text:s text:c="{len(row[0]) - 1}"/>', safe)
    return safe.replace("\t", "<text:tab/>").replace("\n", "<text:line-break/>")


# --- what it says -------------------------------------------------------------------------------------------------


def _content(board: Mapping[str, Any]) -> str:
    body = "".join(_body(board))
    return (
        f'{_HEAD}<office:document-content {_NAMES} office:version="1.3"><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>"
    )


def _body(board: Mapping[str, Any]) -> Iterator[str]:
    if board["fictional"]:
        yield _paragraph("Fictional", board["fictional"])
    yield _paragraph("Title", board["title"])
    yield _paragraph("Subtitle", f"{board['office']} · {board['subtitle']}")
    if board["purpose"]:
        yield _paragraph("Text_20_body", board["purpose"])
    for frame in board["frames"]:
        yield _heading(1, frame["title"])
        if frame["question"]:
            yield _paragraph("Question", frame["question"])
        if not frame["groups"]:
            yield _paragraph("Text_20_body", board["empty"])
        for group in frame["groups"]:
            if group["heading"]:
                yield _heading(2, group["heading"])
            yield '<text:list text:style-name="Notes">'
            yield from (_item(note, board["no_words"]) for note in group["notes"])
            yield "</text:list>"


def _heading(level: int, text: str) -> str:
    return f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">{_words(text)}</text:h>'


def _paragraph(style: str, text: str) -> str:
    return f'<text:p text:style-name="{style}">{_words(text)}</text:p>'


def _item(note: Mapping[str, Any], no_words: str) -> str:
    style = "NoteFromTheRight" if note["rtl"] else "Note"
    said = _paragraph(style, note["text"]) if note["text"] else _paragraph("About", no_words)
    return f"<text:list-item>{said}{_paragraph('About', note['about'])}</text:list-item>"


# --- how it looks -------------------------------------------------------------------------------------------------


def _styles(language: str) -> str:
    named = "".join(
        (
            _style("Text_20_body", "Text body", below="0.25cm"),
            _style("Title", "Title", size=24, weight="bold", below="0.1cm"),
            _style("Subtitle", "Subtitle", size=11, colour="#5b5569", below="0.5cm"),
            _style("Fictional", "Fictional", weight="bold", below="0.5cm"),
            _style("Heading_20_1", "Heading 1", level=1, size=16, weight="bold", above="0.7cm", below="0.15cm"),
            _style("Heading_20_2", "Heading 2", level=2, size=13, weight="bold", above="0.45cm", below="0.15cm"),
            _style("Question", "Question", colour="#5b5569", below="0.3cm"),
            _style("Note", "Note", below="0cm"),
            _style("NoteFromTheRight", "Note from the right", below="0cm", way="rl-tb"),
            _style("About", "About", size=9, colour="#5b5569", below="0.25cm"),
        )
    )
    return (
        f'{_HEAD}<office:document-styles {_NAMES} office:version="1.3"><office:styles>'
        '<style:default-style style:family="paragraph"><style:paragraph-properties fo:orphans="2" fo:widows="2"/>'
        f'<style:text-properties fo:font-size="11pt" fo:language="{language}" fo:country="{COUNTRIES[language]}"/></style:default-style>'
        f'<style:style style:name="Standard" style:family="paragraph" style:class="text"/>{named}'
        '<text:list-style style:name="Notes"><text:list-level-style-bullet text:level="1" text:bullet-char="•">'
        '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
        '<style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.5cm" fo:margin-left="0.5cm"/>'
        "</style:list-level-properties></text:list-level-style-bullet></text:list-style>"
        "</office:styles><office:automatic-styles>"
        '<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" '
        'fo:margin-top="2.2cm" fo:margin-bottom="2.2cm" fo:margin-left="2.2cm" fo:margin-right="2.2cm"/></style:page-layout>'
        '</office:automatic-styles><office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"/>'
        "</office:master-styles></office:document-styles>"
    )


def _style(
    name: str,
    shown: str,
    *,
    size: int = 11,
    weight: str = "normal",
    colour: str = "#1e1a2e",
    above: str = "0cm",
    below: str = "0cm",
    level: int = 0,
    way: str = "lr-tb",
) -> str:
    outline = f' style:default-outline-level="{level}" style:next-style-name="Text_20_body"' if level else ""
    keep = ' fo:keep-with-next="always"' if level or name in {"Note", "NoteFromTheRight", "Question"} else ""
    return (
        f'<style:style style:name="{name}" style:display-name="{shown}" style:family="paragraph" '
        f'style:parent-style-name="Standard"{outline}>'
        f'<style:paragraph-properties fo:margin-top="{above}" fo:margin-bottom="{below}" style:writing-mode="{way}" '
        f'fo:text-align="start"{keep}/>'
        f'<style:text-properties fo:font-size="{size}pt" fo:font-weight="{weight}" fo:color="{colour}"/></style:style>'
    )


def _meta(board: Mapping[str, Any]) -> str:
    """Title and language only: no author, no moment, no name of a computer."""
    names = f'{_NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return (
        f'{_HEAD}<office:document-meta {names} office:version="1.3"><office:meta><meta:generator>Gehoor</meta:generator>'
        f"<dc:title>{escape(_NO_XML.sub('', board['title']))}</dc:title>"
        f"<dc:language>{board['lang']}-{COUNTRIES[board['lang']]}</dc:language></office:meta></office:document-meta>"
    )


def _manifest() -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in (
            ("/", MEDIA_TYPE), ("content.xml", "text/xml"), ("styles.xml", "text/xml"), ("meta.xml", "text/xml"),
        )
    )  # fmt: skip
    return (
        f'{_HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.3">{entries}</manifest:manifest>'
    )
