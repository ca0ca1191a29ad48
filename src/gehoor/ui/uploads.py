"""Files that come in with a form: in memory, and never in a temporary folder."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler


class InMemoryHandler(MemoryFileUploadHandler):
    """Django drops what is too large for memory, and the form would say that no file was chosen.

    Here such a file comes to the form without its bytes, but with its name and its size: then the form says what is wrong.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """A piece of it; of what is too large nothing is kept."""
        return super().receive_data_chunk(raw_data, start) if self.activated else None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """The file, or its name and its size."""
        if self.activated:
            return super().file_complete(file_size)
        about: dict[str, Any] = {
            "field_name": self.field_name, "name": self.file_name, "content_type": self.content_type,
            "charset": self.charset, "content_type_extra": self.content_type_extra,
        }  # fmt: skip
        return InMemoryUploadedFile(file=BytesIO(), size=file_size, **about)
