"""The style and the script of a board, under a name that changes with what is in them: kept by the browser for good.

Served by the board's own address, so that they come from the host of the clients, wherever the desk is.
"""

import gzip
import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "boards"
KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


@cache
def packed(kind: str) -> tuple[str, bytes]:
    """The name of `board.css` or `board.js`, and the gzipped file."""
    data = (FOLDER / f"board.{kind}").read_bytes()
    return f"{hashlib.sha256(data).hexdigest()[:16]}.{kind}", gzip.compress(data, mtime=0)


def address(kind: str) -> str:
    """Where the file is."""
    return f"/bord/bestand/{packed(kind)[0]}"
