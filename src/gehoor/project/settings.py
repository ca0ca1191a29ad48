"""Django's settings. What an operator can change is listed in environment.py; the rest is decided here."""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from gehoor.base import secretbox
from gehoor.base.languages import LANGUAGES as CLIENT_LANGUAGES
from gehoor.base.languages import STAFF_LANGUAGES
from gehoor.project import environment
from gehoor.ui.door import STYLE_SHA256

PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(environment.text_of("GEHOOR_DATA")).resolve()

GEHOOR_DATA = DATA
GEHOOR_KEYS = Path(environment.text_of("GEHOOR_KEYS") or DATA / "keys").resolve()
GEHOOR_ROOT_SECRET = secretbox.root_of(DATA).hex()
GEHOOR_BASE_URL = environment.text_of("GEHOOR_BASE_URL")
GEHOOR_LIVE_URL = environment.live_url(GEHOOR_BASE_URL)
GEHOOR_PROCESS = environment.text_of("GEHOOR_PROCESS")
GEHOOR_EXIT_URL = environment.text_of("GEHOOR_EXIT_URL")
GEHOOR_HELP = environment.text_of("GEHOOR_HELP")
GEHOOR_FICTIONAL = environment.text_of("GEHOOR_FICTIONAL") == "yes"

SECRET_KEY = secretbox.derive(bytes.fromhex(GEHOOR_ROOT_SECRET), "django").hex()
DEBUG = False
ALLOWED_HOSTS = [
    urlsplit(GEHOOR_BASE_URL).hostname or "127.0.0.1",
    "127.0.0.1",
    "localhost",
    *environment.list_of("GEHOOR_HOSTS"),
]
SECURE = GEHOOR_BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "gehoor.ui",
    "gehoor.offices",
    "gehoor.questionnaires",
    "gehoor.rounds",
    "gehoor.meetings",
    "gehoor.answers",
    "gehoor.boards",
    "gehoor.interviews",
    "gehoor.reading",
    "gehoor.results",
    "gehoor.privacy",
    "gehoor.project",
]

# The door answers clients before any of the rest runs: no session, no log-in, no cookie but its own.
MIDDLEWARE = [
    "gehoor.project.door.DoorFirst",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "gehoor.project.desk.DeskMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gehoor.project.urls"
WSGI_APPLICATION = "gehoor.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "project" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gehoor.project.desk.context",
            ],
        },
    }
]

DATABASES = {
    "default": environment.database("GEHOOR_DATABASE_URL", DATA, "gehoor.sqlite3"),
    "vault": environment.database("GEHOOR_VAULT_URL", DATA, "vault.sqlite3"),
}
DATABASE_ROUTERS = ["gehoor.project.databases.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "offices.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:start"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "gehoor.offices.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_DISABLE_ACCESS_LOG = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"

SESSION_COOKIE_NAME = "__Host-gehoor" if SECURE else "gehoor"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = (
    "same-origin"  # with no-referrer a browser sends "Origin: null" and each form of staff is refused
)
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "style-src": ["'self'", f"'sha256-{STYLE_SHA256}'"],  # the calm error pages carry their style with them
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# An address list must never touch a temporary folder.
FILE_UPLOAD_HANDLERS = ["gehoor.ui.uploads.InMemoryHandler"]

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
GEHOOR_CLIENT_LANGUAGES = list(CLIENT_LANGUAGES)
GEHOOR_STAFF_LANGUAGES = list(STAFF_LANGUAGES)
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = None  # served from the package itself, found by the finders: nothing to collect
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

globals().update(environment.mail("GEHOOR_SMTP_URL", DATA))
DEFAULT_FROM_EMAIL = environment.text_of("GEHOOR_MAIL_FROM")

# No address, path or text of a client is ever logged: Django's own request log is off, ours says what without who.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "null": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "gehoor": {"level": "INFO"},
        "django.request": {"handlers": ["null"], "propagate": False},
        "django.security": {"level": "ERROR"},
        "axes": {"level": "ERROR"},
    },
}
