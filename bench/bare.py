"""What Django itself costs on this machine: a page from memory, one row by the ORM, a page. No middleware, nothing else.

Served by submissions.py with the same granian settings and the same database settings as Gehoor.
BARE_DATABASE is an SQLite file or a postgresql:// address.
"""

import os
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

ADDRESS = os.environ.get("BARE_DATABASE", ":memory:")
PAGE = os.urandom(int(os.environ.get("BARE_PAGE", "6500")))  # about as long as the first page is on the wire
THANKS = os.urandom(int(os.environ.get("BARE_THANKS", "6500")))


def database() -> dict[str, object]:
    """The settings that Gehoor uses too: WAL with synchronous=FULL and IMMEDIATE, or PostgreSQL; connections stay open."""
    if ADDRESS.startswith("postgresql://"):
        parts = urlsplit(ADDRESS)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.strip("/"),
            "USER": parts.username or "",
            "PASSWORD": parts.password or "",
            "HOST": parts.hostname,
            "PORT": str(parts.port or 5432),
            "CONN_MAX_AGE": None,
        }
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": ADDRESS, "CONN_MAX_AGE": None, "OPTIONS": options}


settings.configure(
    ALLOWED_HOSTS=["*"], DATABASES={"default": database()}, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[], MIDDLEWARE=[], ROOT_URLCONF=__name__, SECRET_KEY="bare",  # noqa: S106 -- nothing is signed
)  # fmt: skip
django.setup()


class Row(models.Model):
    """One form."""

    answers = models.TextField()

    class Meta:
        app_label = "bare"

    def __str__(self) -> str:
        return "row"


def page(request: HttpRequest) -> HttpResponse:
    """The form, or one row more."""
    if request.method != "POST":
        return HttpResponse(PAGE)
    Row.objects.create(answers=repr(dict(request.POST.lists())))
    response = HttpResponseRedirect("/thanks/")
    response.status_code = 303
    return response


def thanks(request: HttpRequest) -> HttpResponse:
    """Thank you."""
    return HttpResponse(THANKS)


urlpatterns = [path("", thanks), path("page/", page), path("thanks/", thanks)]


def prepare() -> None:
    """Make the table."""
    with connection.schema_editor() as editor:
        editor.create_model(Row)


application = get_wsgi_application()

if __name__ == "__main__":
    prepare()
