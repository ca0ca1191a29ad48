"""The installation's own secrets, kept beside the data and never in a database.

One file `secrets.json` (mode 600) holds a root secret; every use derives its own key from it, so that one key says
nothing about another.
"""

import hashlib
import hmac
import json
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from django.conf import settings

from gehoor.base import keyfile
from gehoor.base.errors import BadSetting


def derive(root: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose."""
    return hmac.new(root, purpose.encode(), hashlib.sha256).digest()


def root_of(folder: Path) -> bytes:
    """The root secret in a data folder; made at first use. Raises BadSetting when the file cannot be read."""
    path = folder / "secrets.json"
    try:
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):  # two may start at once: the first one wins, the other reads what it wrote
                keyfile.write(path, json.dumps({"root": secrets.token_hex(32)}).encode())
        return bytes.fromhex(json.loads(path.read_text())["root"])
    except (OSError, ValueError, KeyError) as error:
        raise BadSetting(
            f"{path} cannot be read ({type(error).__name__}). Put back the secrets.json of your backup: without it, codes and receipts stop working."
        ) from error


@cache
def key_for(purpose: str) -> bytes:
    """The 32-byte key of this installation for a purpose, such as "receipt" or "code"."""
    return derive(bytes.fromhex(settings.GEHOOR_ROOT_SECRET), purpose)


def keyed(purpose: str, data: bytes) -> bytes:
    """A 32-byte mark of the data under the key of a purpose: keyed BLAKE2b (RFC 7693), a tenth of an HMAC's cost here."""
    return hashlib.blake2b(data, key=key_for(purpose), digest_size=32).digest()


def stretched(purpose: str, text: str, *, memory_kib: int) -> bytes:
    """32 bytes of what a person carries in the hand or in the head, made slow on purpose: Argon2id (RFC 9106) with a pepper.

    The salt is that of the installation and the purpose, because what somebody types must be found by it (ASVS 6.5.2).
    """
    return hash_secret_raw(
        secret=keyed(purpose, text.encode()),
        salt=key_for(f"{purpose} salt")[:16],
        time_cost=1,
        memory_cost=memory_kib,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    )
