"""`gehoor backup`, `restore` and `backup-key`.

A backup holds both databases and the installation's secrets, never the keys that open envelopes: what is sealed at the
moment of a backup can be opened only where its key still lies. It can be sealed to a public key whose other half is kept
elsewhere, so that the server can't read its own backups (standards.md requirement 143).
"""

import argparse
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlunsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from gehoor.answers import changes as answers
from gehoor.base.errors import BadInput, NotNow
from gehoor.project.command import Result, command, server

MAGIC = b"gehoor-backup-1\n"
CHUNK = 1024 * 1024
SEALED_KEY = bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES + 48


def add(commands: Any) -> None:
    """The commands of this room."""
    made = command(
        commands,
        "backup",
        backup,
        "Write a backup of both databases and the secrets to one file, while the system runs.",
        databases="there",
    )
    made.add_argument("--out", required=True, metavar="FILE")
    made.add_argument(
        "--to",
        metavar="PUBLIC",
        help="seal it to this public key (see `gehoor backup-key`); without it the file is readable by whoever has it",
    )
    made = command(
        commands,
        "restore",
        restore,
        "Put a backup back into an empty data folder (or empty PostgreSQL databases). What was taken back since stays away.",
        databases="",
    )
    made.add_argument("file", metavar="FILE")
    made.add_argument("--key", metavar="FILE", help="the private key of a sealed backup")
    made = command(
        commands,
        "backup-key",
        new_key,
        "Make a key pair for backups. Keep the file away from the server; give the server the public half.",
        databases="",
    )
    made.add_argument("--out", required=True, metavar="FILE")


def new_key(arguments: argparse.Namespace) -> Result:
    """A key pair: the private half to a file, the public half to the screen."""
    key = PrivateKey.generate()
    handle = os.open(arguments.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(key.encode().hex() + "\n")
    return {"private key": arguments.out, "public key": key.public_key.encode().hex()}


def backup(arguments: argparse.Namespace) -> Result:
    """One file, whole or not at all."""
    out = Path(arguments.out)
    with tempfile.TemporaryDirectory(dir=out.resolve().parent) as folder:
        for name in settings.DATABASES:
            _dump(name, Path(folder) / name)
        (Path(folder) / "secrets.json").write_text(json.dumps({"root": settings.GEHOOR_ROOT_SECRET}))
        made = {name: connections[name].vendor for name in settings.DATABASES}
        (Path(folder) / "about.json").write_text(json.dumps(made))
        packed = Path(folder) / "packed.tar"
        with tarfile.open(packed, "w") as tar:
            for name in (*settings.DATABASES, "secrets.json", "about.json"):
                tar.add(Path(folder) / name, arcname=name)
        if arguments.to:
            sealed = Path(folder) / "sealed"
            _seal(packed, sealed, _public_key(arguments.to))
            packed = sealed
        packed.chmod(0o600)
        packed.replace(out)
    return {"file": str(out), "bytes": out.stat().st_size, "sealed": bool(arguments.to)}


def _public_key(text: str) -> bytes:
    key = bytes.fromhex(text) if re.fullmatch("[0-9a-f]{64}", text) else b""
    if not key:
        raise BadInput([f"--to {text} is no public key: it has 64 hexadecimal signs. `gehoor backup-key` shows it."])
    return key


def restore(arguments: argparse.Namespace) -> Result:
    """Into empty databases only; then the deletions since the backup are done again.

    The folder `restoring` stands in the data folder until all is done: while it does, no other command runs, and after a
    mishap the same command begins anew (`server.why_not_whole`).
    """
    folder = settings.GEHOOR_DATA / server.RESTORING
    again = folder.exists()
    for name in settings.DATABASES:
        if not again and connections[name].introspection.table_names():
            raise NotNow(f"Database {name} is not empty. Restore into a new data folder or new databases.")
        connections[name].close()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        _unpack(Path(arguments.file), folder, arguments.key)
        _check_vendors(folder)
    except BadInput:
        if not again:  # nothing was touched
            shutil.rmtree(folder)
        raise
    shutil.copyfile(folder / "secrets.json", settings.GEHOOR_DATA / "secrets.json")
    for database in settings.DATABASES:
        _load(database, folder / database, again=again)
        call_command("migrate", database=database, interactive=False, verbosity=0)
    buried = answers.bury_again()
    shutil.rmtree(folder)
    return {"restored": arguments.file, "taken back again": buried}


def _check_vendors(folder: Path) -> None:
    about = json.loads((folder / "about.json").read_text())
    for database in settings.DATABASES:
        if about[database] != connections[database].vendor:
            raise BadInput([f"The backup is of {about[database]}; these databases are {connections[database].vendor}."])


def _dump(name: str, target: Path) -> None:
    connection = connections[name]
    if connection.vendor == "sqlite":
        with (
            closing(sqlite3.connect(str(settings.DATABASES[name]["NAME"]))) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
        return
    _postgres(["pg_dump", "--format=custom", "--no-owner", "--file", str(target), "--dbname", _address(name)], name)


def _load(name: str, source: Path, *, again: bool) -> None:
    """Fill a database; `again` throws away what a restore that was broken off left in it."""
    connection = connections[name]
    if connection.vendor == "sqlite":
        with (
            closing(sqlite3.connect(source)) as copy,
            closing(sqlite3.connect(str(settings.DATABASES[name]["NAME"]))) as target,
        ):
            copy.backup(target)
        return
    emptied = ["--clean", "--if-exists"] if again else []
    _postgres(["pg_restore", "--no-owner", "--exit-on-error", *emptied, "--dbname", _address(name), str(source)], name)


def _postgres(words: list[str], name: str) -> None:
    password = str(settings.DATABASES[name].get("PASSWORD", ""))
    try:
        done = subprocess.run(
            words, env={**os.environ, "PGPASSWORD": password}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise NotNow(f"{words[0]} is not installed. On Debian: apt-get install postgresql-client") from None
    if done.returncode:
        raise NotNow(f"{words[0]} failed for {name}: {done.stderr.strip().splitlines()[-1:]}")


def _address(name: str) -> str:
    facts = settings.DATABASES[name]
    return urlunsplit(("postgresql", f"{facts['USER']}@{facts['HOST']}:{facts['PORT']}", f"/{facts['NAME']}", "", ""))


def _seal(source: Path, target: Path, public_key: bytes) -> None:
    """A stream key sealed to the public key, then the file in authenticated chunks of a megabyte (libsodium secretstream)."""
    key = os.urandom(bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    with source.open("rb") as plain, target.open("wb") as sealed:
        sealed.write(MAGIC + SealedBox(PublicKey(public_key)).encrypt(key))
        sealed.write(bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key))
        last = False
        while not last:
            chunk = plain.read(CHUNK)
            last = len(chunk) < CHUNK
            tag = (
                bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
                if last
                else bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
            )
            sealed.write(bindings.crypto_secretstream_xchacha20poly1305_push(state, chunk, tag=tag))


def _unpack(source: Path, folder: Path, key_file: str | None) -> None:
    """The parts of a backup. Raises BadInput when it is damaged, cut off, or sealed to another key."""
    try:
        with _opened(source, key_file) as stream, tarfile.open(fileobj=stream, mode="r:") as tar:
            tar.extractall(folder, filter="data")
    except (OSError, tarfile.TarError, CryptoError, ValueError) as error:
        raise BadInput([f"{source} cannot be read as a backup: {error or type(error).__name__}"]) from None


@contextmanager
def _opened(source: Path, key_file: str | None) -> Iterator[Any]:
    with source.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            file.seek(0)
            yield file
            return
        if not key_file:
            raise BadInput([f"{source} is sealed: give its private key with --key FILE."])
        private_key = PrivateKey(bytes.fromhex(Path(key_file).read_text().strip()))
        with tempfile.TemporaryFile(dir=source.resolve().parent) as plain:
            for chunk in _unsealed(file, private_key):
                plain.write(chunk)
            plain.seek(0)
            yield plain


def _unsealed(file: io.BufferedReader, private_key: PrivateKey) -> Iterator[bytes]:
    key = SealedBox(private_key).decrypt(file.read(SEALED_KEY))
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    header = file.read(bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    tag = None
    while sealed := file.read(CHUNK + bindings.crypto_secretstream_xchacha20poly1305_ABYTES):
        chunk, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, sealed)
        yield chunk
    if tag != bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL:
        raise ValueError("it was cut off")
