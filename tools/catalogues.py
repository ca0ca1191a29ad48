"""Brings the translation catalogues up to date: `python tools/catalogues.py` (needs Debian's gettext).

Sentences for clients carry the context "client" and exist in every language of base.languages; those for staff in Dutch.
A language catalogue other than Dutch keeps the client's sentences only.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

HOUSE = Path(__file__).resolve().parents[1]
PACKAGE = HOUSE / "src" / "gehoor"
CLIENT_ONLY = ("tr", "ar", "pl", "uk", "es")
STAFF = ("nl",)


def catalogue(language: str, package: Path = PACKAGE) -> Path:
    """The catalogue of one language."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def extract(package: Path = PACKAGE) -> None:
    """Read every sentence from code and templates into the catalogues of a package folder."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "PYTHONPATH": str(HOUSE / "src"),
            "GEHOOR_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "gehoor.project.settings",
        }
        words = [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "--no-location",
            "--no-obsolete",
            "--no-wrap",
            "-v",
            "0",
        ]
        for language in (*STAFF, *CLIENT_ONLY):
            catalogue(language, package).parent.mkdir(parents=True, exist_ok=True)
            words += ["--locale", language]
        subprocess.run(words, cwd=package, env=environment, check=True)


def tidy(language: str, package: Path = PACKAGE) -> None:
    """Client sentences only, where staff never work; no guesses; and a head without a date, so that nothing changes by itself."""
    file = polib.pofile(str(catalogue(language, package)), wrapwidth=0)
    for entry in list(file):
        if language in CLIENT_ONLY and entry.msgctxt != "client":
            file.remove(entry)
        elif entry.fuzzy:  # gettext's guess from a sentence that looks alike
            entry.flags.remove("fuzzy")
            entry.msgstr, entry.msgstr_plural = "", dict.fromkeys(entry.msgstr_plural, "")
    file.metadata = {
        name: file.metadata[name]
        for name in ("MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms")
        if name in file.metadata
    }
    file.metadata["Language"] = language
    file.header = ""
    file.sort(key=lambda entry: (entry.msgctxt or "", entry.msgid))
    file.save()
    file.save_as_mofile(str(catalogue(language, package).with_suffix(".mo")))


def main() -> None:
    """Extract, tidy, compile; say what is missing."""
    extract()
    for language in (*STAFF, *CLIENT_ONLY):
        tidy(language)
        file = polib.pofile(str(catalogue(language)))
        missing = [entry.msgid for entry in file if not entry.translated() or entry.fuzzy]
        print(f"{language}: {len(file)} sentences, {len(missing)} without translation")


if __name__ == "__main__":
    main()
