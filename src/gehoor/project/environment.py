"""Every setting, in one list: its name, its kind, its default and what it does. The reference page is made from it.

A missing or wrong value stops the start with a sentence that says what to do.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from gehoor.base.errors import BadSetting


@dataclass(frozen=True)
class Setting:
    """One environment variable. `read` turns its text into a value or raises ValueError with what was expected."""

    name: str
    default: str
    help: str
    read: Callable[[str], object] = str


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
        raise ValueError("an address such as https://gehoor.example.nl, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _address_or_nothing(text: str) -> str:
    return _address(text) if text else ""


def live_url(base: str) -> str:
    """The address of the live side, for a base address."""
    if given := text_of("GEHOOR_LIVE_URL"):
        return given
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.hostname}:{parts.port + 1}" if parts.port else base


def _database(text: str) -> str:
    if text and urlsplit(text).scheme not in {"postgresql", "postgres"}:
        raise ValueError("nothing (SQLite in the data folder) or postgresql://user:password@host:5432/name")
    return text


def _smtp(text: str) -> str:
    if text and urlsplit(text).scheme not in {"smtp", "smtps"}:
        raise ValueError("nothing (mail is written to a folder) or smtp://user:password@host:587")
    return text


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(" or ".join(words))
        return text

    return read


def _whole(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise ValueError("a whole number from 1")
    return number


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


SETTINGS = (
    Setting("GEHOOR_DATA", "data", "Folder for everything that is kept: databases, keys, mail. `--data` overrules it."),
    Setting("GEHOOR_KEYS", "", "Folder of the private keys that open the envelopes. Empty: `keys` in the data folder. Keep it outside your database backups."),
    Setting("GEHOOR_DATABASE_URL", "", "The main database. Empty: SQLite in the data folder.", _database),
    Setting("GEHOOR_VAULT_URL", "", "The vault: opened answers and unread texts. Empty: SQLite in the data folder.", _database),
    Setting("GEHOOR_BASE_URL", "http://127.0.0.1:8000", "The address that clients type, printed on cards and letters.", _address),
    Setting("GEHOOR_LIVE_URL", "", "Where browsers find the live side of boards. Empty: at GEHOOR_BASE_URL itself, where a proxy passes /bord/*/stroom/ and /bord/*/doe/ on; or, when that has a port, at the next one.", _address_or_nothing),
    Setting("GEHOOR_HOSTS", "", "Extra host names that the server answers to, with commas. The host of GEHOOR_BASE_URL always counts.", _list),
    Setting("GEHOOR_PROCESS", "all", "What this process serves: `all`, `door` (clients only) or `desk` (staff only).", _one_of("all", "door", "desk")),
    Setting("GEHOOR_SMTP_URL", "", "Mail server. Empty: each mail becomes an .eml file in the folder `mail` of the data folder.", _smtp),
    Setting("GEHOOR_MAIL_FROM", "gehoor@localhost", "The sender of invitations."),
    Setting("GEHOOR_HELP", "", "Help numbers as a JSON file; empty: the Dutch ones (112, Kindertelefoon, Veilig Thuis)."),
    Setting("GEHOOR_EXIT_URL", "https://www.buienradar.nl/", "Where the quick exit leads: a neutral page."),
    Setting("GEHOOR_WORKERS", "2", "Processes of `gehoor serve`.", _whole),
    Setting("GEHOOR_FICTIONAL", "", "`yes` marks every page as fictional (the demo does it).", _one_of("", "yes")),
)  # fmt: skip


def value_of(name: str, environment: Mapping[str, str] | None = None) -> object:
    """The value of one setting. Raises BadSetting with what to put there."""
    setting = next(each for each in SETTINGS if each.name == name)
    text = (os.environ if environment is None else environment).get(name, "") or setting.default
    try:
        return setting.read(text)
    except ValueError as error:
        raise BadSetting(f"{name} is {text!r}; expected {error}. ({setting.help})") from None


def text_of(name: str) -> str:
    """The value of a setting that is a text."""
    value = value_of(name)
    assert isinstance(value, str), name  # noqa: S101 -- narrows the type
    return value


def database(name: str, folder: Path, file: str) -> dict[str, object]:
    """Django's description of one database: PostgreSQL when the setting names it, else an SQLite file.

    SQLite runs WAL with synchronous=FULL: NORMAL may lose an acknowledged answer on power loss (standards.md §6.2).
    """
    address = text_of(name)
    if not address:
        return {
            "ENGINE": "gehoor.project.sqlite",
            "NAME": str(folder / file),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;",
            },
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10},
    }


def mail(name: str, folder: Path) -> dict[str, object]:
    """Django's mail settings: an SMTP server when one is set, else a folder of .eml files."""
    address = text_of(name)
    if not address:
        return {"EMAIL_BACKEND": "gehoor.rounds.mailfolder.EmailBackend", "EMAIL_FILE_PATH": str(folder / "mail")}
    parts = urlsplit(address)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "EMAIL_TIMEOUT": 30,
    }


def list_of(name: str) -> list[str]:
    """The value of a setting that is a list of texts."""
    value = value_of(name)
    assert isinstance(value, list), name  # noqa: S101 -- narrows the type
    return value


def whole_of(name: str) -> int:
    """The value of a setting that is a whole number."""
    value = value_of(name)
    assert isinstance(value, int), name  # noqa: S101 -- narrows the type
    return value
