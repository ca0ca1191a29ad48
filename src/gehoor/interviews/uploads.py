"""Files that come in: their size is known before a byte of them is read, and a recording goes to disk sealed.

Django reads a form to find its CSRF token, and with it the file. So these views are exempt from the general check, look at
the size, choose where the file goes, and only then check the token themselves (`csrf_protect`).
"""

import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from gehoor.interviews import transcripts
from gehoor.interviews.faults import MOST_SOUND
from gehoor.interviews.tapes import Writer

AROUND = 64 * 1024  # what a form needs besides its file


def is_too_large(request: HttpRequest, most: int) -> bool:
    """Does the browser say that it sends more than this? Without a length nothing is read at all."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > most + AROUND
    except ValueError:
        return True


class SoundHandler(FileUploadHandler):
    """Seals the recording while it comes in. Stops reading when it is larger than was said."""

    chunk_size = 64 * 2**10

    def __init__(self, request: HttpRequest, guid: uuid.UUID) -> None:
        super().__init__(request)
        self.guid = guid
        self.writer: Writer | None = None
        self.too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """One file, under one name; others are left alone."""
        super().new_file(*args, **kwargs)
        if self.field_name != "sound" or self.writer is not None:
            raise SkipFile
        self.writer = Writer(self.guid)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """A piece of it."""
        if self.writer is None:
            return raw_data
        if self.writer.size + len(raw_data) > MOST_SOUND:
            self.too_large = True
            raise StopUpload(connection_reset=True)
        self.writer.add(raw_data)
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """The form gets no file: it is on disk, sealed."""
        return None

    def discard(self) -> None:
        """Throw away what was not kept."""
        if self.writer is not None:
            self.writer.discard()


class TranscriptHandler(MemoryFileUploadHandler):
    """A transcript stays in memory: words never touch a temporary folder."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *rest: Any) -> None:  # noqa: N803 -- Django's
        """Django's own switch has another limit."""
        self.activated = content_length <= transcripts.MOST_BYTES + AROUND
