"""What is kept of a typed code: Argon2id with the installation's own pepper (ASVS 6.5.2; design §4).

A typed code has 59 bits, too few for a plain hash. The salt is the same for all codes of an installation, because a code
must be found by its hash; the pepper lies outside the database.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from argon2.low_level import Type, hash_secret_raw

from gehoor.base import secretbox

MEMORY_KIB = 4096
LENGTH = 32


def typed_hash(code: str) -> bytes:
    """32 bytes. Takes some milliseconds on purpose."""
    return hash_secret_raw(
        secret=secretbox.keyed("typed code", code.encode()),
        salt=secretbox.key_for("typed code salt")[:16],
        time_cost=1,
        memory_cost=MEMORY_KIB,
        parallelism=1,
        hash_len=LENGTH,
        type=Type.ID,
    )


def typed_hashes(codes: Sequence[str]) -> list[bytes]:
    """The hashes of many codes, on all cores (argon2 lets go of the interpreter while it works)."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(typed_hash, codes))
