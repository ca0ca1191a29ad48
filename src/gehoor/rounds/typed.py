"""What is kept of a typed code: Argon2id with the installation's own pepper (ASVS 6.5.2; design §4).

A typed code has 59 bits, too few for a plain hash.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from gehoor.base import secretbox

MEMORY_KIB = 4096


def typed_hash(code: str) -> bytes:
    """32 bytes. Takes some milliseconds on purpose."""
    return secretbox.stretched("typed code", code, memory_kib=MEMORY_KIB)


def typed_hashes(codes: Sequence[str]) -> list[bytes]:
    """The hashes of many codes, on all cores (argon2 lets go of the interpreter while it works)."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(typed_hash, codes))
