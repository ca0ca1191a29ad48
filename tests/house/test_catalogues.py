"""Every sentence exists in every language that needs it, and the compiled catalogues are those of the texts."""

import shutil
from pathlib import Path

import polib
import pytest
from tools import catalogues

# Different in English, one word in Dutch.
SAME_IN_DUTCH = (["Ask", "Questions"], ["Do", "Doing"])
LANGUAGES = (*catalogues.STAFF, *catalogues.CLIENT_ONLY)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with catalogues that were read from the code just now."""
    if shutil.which("xgettext") is None:
        pytest.fail("xgettext is missing. On Debian: apt-get install gettext")
    package = tmp_path_factory.mktemp("copy") / "gehoor"
    shutil.copytree(catalogues.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    catalogues.extract(package)
    for language in LANGUAGES:
        catalogues.tidy(language, package)
    return package


def sentences(path: Path) -> set[tuple[str, str]]:
    """The sentences of a catalogue, with their context."""
    return {(entry.msgctxt or "", entry.msgid) for entry in polib.pofile(str(path))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_just_what_the_code_says(fresh: Path, language: str) -> None:
    kept, made = sentences(catalogues.catalogue(language)), sentences(catalogues.catalogue(language, fresh))

    assert (made - kept, kept - made) == (set(), set()), "run: python tools/catalogues.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_missing_or_doubtful(language: str) -> None:
    file = polib.pofile(str(catalogues.catalogue(language)))

    assert [entry.msgid for entry in file if not entry.translated() or entry.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    path = catalogues.catalogue(language)
    text = {entry.msgid_with_context: entry.msgstr for entry in polib.pofile(str(path)) if not entry.msgid_plural}
    compiled = {
        entry.msgid_with_context: entry.msgstr
        for entry in polib.mofile(str(path.with_suffix(".mo")))
        if not entry.msgid_plural
    }

    assert compiled == text


def test_no_sentence_carries_the_dutch_of_another() -> None:
    """A tool that fills a catalogue by likeness once gave a sheet for a talk the words of "Before the first talk"."""
    import itertools

    file = polib.pofile(str(catalogues.catalogue("nl")))
    entries = sorted((entry.msgstr, entry.msgid) for entry in file if entry.msgstr)
    alike = {
        msgstr: english
        for msgstr, found in itertools.groupby(entries, key=lambda entry: entry[0])
        if len(english := sorted({msgid for _msgstr, msgid in found})) > 1
    }

    assert {msgstr: english for msgstr, english in alike.items() if english not in SAME_IN_DUTCH} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_its_placeholders(language: str) -> None:
    import re

    def holes(text: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)s", text))

    wrong = [
        entry.msgid
        for entry in polib.pofile(str(catalogues.catalogue(language)))
        for translated in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        if holes(translated) not in (holes(entry.msgid), holes(entry.msgid_plural or entry.msgid))
    ]

    assert wrong == []
