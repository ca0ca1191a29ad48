"""Mail into a folder instead of to people, for trying out and for tests.

Each file holds a code beside an address: exactly what is kept nowhere else. So only the owner can read them, their names
are random, and no office should run on this backend (set GEHOOR_SMTP_URL).
"""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes each mail as an .eml file into `settings.EMAIL_FILE_PATH`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many were written. Raises OSError when the folder cannot be written."""
        folder = Path(settings.EMAIL_FILE_PATH)  # type: ignore[misc]  # set only when there is no mail server
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            handle = os.open(folder / f"{secrets.token_hex(16)}.eml", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(message.message().as_bytes())
        return len(email_messages)
