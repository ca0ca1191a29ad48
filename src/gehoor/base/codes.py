"""Codes that people carry: the link, the typed code on a card, the receipt.

A link code is 128 random bits. A typed code has 12 characters that cannot be mistaken for one another and a check
character. A receipt is 16 digits. Design §4; standards.md requirements 35 and 107.
"""

import base64
import hashlib
import secrets
import unicodedata

# A code on a letter is typed by hand: no 0 and o, no 1, i and l.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
TYPED_LENGTH = 12
SHORT_LENGTH = 7
LINK_LENGTH = 22
RECEIPT_LENGTH = 16


def new_link_code() -> str:
    """128 random bits as 22 characters that are safe in an address."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()


def new_typed_code() -> str:
    """12 random characters (59 bits) and their check character, 13 in all, without dashes."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(TYPED_LENGTH))
    return body + check_character(body)


def new_short_code() -> str:
    """The code of a meeting, read out loud and typed by everybody: 7 random characters (34 bits) and their check character.

    It opens one meeting for some hours, so that it may be shorter than a code that lies in a letter for weeks.
    """
    body = "".join(secrets.choice(ALPHABET) for _ in range(SHORT_LENGTH))
    return body + check_character(body)


def check_character(body: str) -> str:
    """The Luhn mod-N character of ISO/IEC 7812 over our alphabet.

    It catches each single wrong character and nearly each swap of two neighbours.
    """
    size, total, factor = len(ALPHABET), 0, 2
    for character in reversed(body):
        product = factor * ALPHABET.index(character)
        total += product // size + product % size
        factor = 1 if factor == 2 else 2  # noqa: PLR2004 -- Luhn has two weights
    return ALPHABET[-total % size]


def grouped(code: str, size: int = 4) -> str:
    """The code as people read it: "abcd-efgh-…"."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def typed_as_meant(text: str) -> str:
    """What somebody typed, without spaces, dashes and capitals. Not checked."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def is_typed_code(code: str) -> bool:
    """Has the code the right length, letters and check character? A typing mistake is told from an unknown code by this."""
    return len(code) == TYPED_LENGTH + 1 and _is_whole(code)


def is_short_code(code: str) -> bool:
    """The same for the code of a meeting."""
    return len(code) == SHORT_LENGTH + 1 and _is_whole(code)


def _is_whole(code: str) -> bool:
    return all(character in ALPHABET for character in code) and check_character(code[:-1]) == code[-1]


def new_receipt() -> str:
    """16 random digits (53 bits)."""
    return f"{secrets.randbelow(10**RECEIPT_LENGTH):0{RECEIPT_LENGTH}d}"


def link_hash(code: str) -> bytes:
    """What we keep of a link code: SHA-256, 32 bytes. Enough for 128 random bits (ASVS 6.5.2)."""
    return hashlib.sha256(code.encode()).digest()


def digits(text: str) -> str:
    """The digits in a text as 0-9, whatever script they were typed in (Arabic-Indic, Persian, full width…)."""
    return "".join(
        str(unicodedata.decimal(character)) for character in text if unicodedata.decimal(character, None) is not None
    )
