"""Every setting on one page; what differs between machines comes from the environment and fails loudly."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo, available_timezones

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from .letter_settings import *  # noqa: F403 - settings that stand beside this page
from .schedule import CELERY_BEAT_SCHEDULE, SWEEPER_STEPS  # noqa: F401 - settings that stand beside this page

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# "local": one person's machine, http on loopback, engines of leadhub.local. "production": https, given servers.
MODE = env.str("LEADHUB_MODE", default="local")
if MODE not in {"local", "production"}:
    raise ImproperlyConfigured(f"LEADHUB_MODE is {MODE!r}; it can be 'local' or 'production'.")
PRODUCTION = MODE == "production"
DEBUG = env.bool("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off in production: error pages would show personal data.")

SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured("SECRET_KEY must be at least 50 random characters.")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "leadhub.apps.LeadHubConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "axes",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "ninja",
    "accounts",
    "outbox",
    "leads",
    "scoring",
    "handoff",
    "nurture",
    "reports",
]

MIDDLEWARE = [
    "accounts.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.boundary.BoundaryMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignedInMiddleware",
    "accounts.middleware.ViewerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "leadhub.urls"
WSGI_APPLICATION = "leadhub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "leadhub.navigation.shell",
            ],
            "builtins": ["accounts.templatetags.face"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Data ---------------------------------------------------------------------------------------------------------
_database = env.db_url("DATABASE_URL")
DATABASES = {
    "default": {
        **_database,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": "-c timezone=UTC -c lock_timeout=10s -c idle_in_transaction_session_timeout=300s",
            **_database.get("OPTIONS", {}),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL")


def _redis(database: int, *, celery: bool = False) -> str:
    """REDIS_URL pointed at another database, in Celery's spelling (`redis+socket://`) or redis-py's (`unix://`)."""
    parts = urlsplit(REDIS_URL)
    if parts.scheme == "unix":
        if celery:
            return f"redis+socket://{parts.path}?virtual_host={database}"
        return f"unix://{parts.path}?db={database}"
    return urlunsplit(parts._replace(path=f"/{database}"))


CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _redis(1)}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# Every upload is counted while it comes in and cut off at IMPORT_MAX_BYTES.
FILE_UPLOAD_HANDLERS = ["leads.imports_upload.CountingHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Work and time ------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = _redis(0, celery=True)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 110
# Whoever rings tries once, or kombu goes on for six seconds; a worker outlives its broker, away for however long or full.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300, "socket_connect_timeout": 2, "max_retries": 0}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = CELERY_BROKER_CHANNEL_ERROR_RETRY = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.1}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
# What beat and the sweeper do stands in `leadhub.schedule`.
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=30)

# Where a proof lays down the failures it wants (`make prove`, outbox.faults); blank everywhere else.
FAULTS_FOLDER = env.str("LEADHUB_FAULTS", default="")
if PRODUCTION and FAULTS_FOLDER:
    raise ImproperlyConfigured("LEADHUB_FAULTS makes processes kill themselves; it is for proofs only.")

USE_TZ = True
TIME_ZONE = "UTC"
# The zone whose calendar days the score counts (product.md §3); changing it asks for `rebuild_vectors`.
WORKSPACE_TIME_ZONE = env.str("WORKSPACE_TIME_ZONE", default="UTC")
if WORKSPACE_TIME_ZONE not in available_timezones():
    raise ImproperlyConfigured(
        f"WORKSPACE_TIME_ZONE is {WORKSPACE_TIME_ZONE!r}, which is no time zone of the tz database."
    )
WORKSPACE_ZONE = ZoneInfo(WORKSPACE_TIME_ZONE)
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("id", _("Indonesian")), ("pl", _("Polish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True

# --- Mail ---------------------------------------------------------------------------------------------------------
# Without EMAIL_URL nothing leaves: the mailbox page shows what would have been sent.
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    globals().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=30)
# A sender that is silent for longer is taken for dead; one round of sending ends well before that.
MAIL_LEASE_SECONDS = env.int("MAIL_LEASE_SECONDS", default=300)
MAIL_ROUND_SECONDS = env.float("MAIL_ROUND_SECONDS", default=20.0)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="LeadHub <leadhub@localhost>")
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")

# Outgoing HTTP (webhooks) never reaches closed networks; a test or a trial on one machine may open loopback.
OUTGOING_LOOPBACK = env.bool("OUTGOING_LOOPBACK", default=False) and not PRODUCTION

# Nurture: a lead gets at most so many letters of all programs within so many days.
NURTURE_CAP = max(1, env.int("NURTURE_CAP", default=3))
NURTURE_CAP_DAYS = max(1, env.int("NURTURE_CAP_DAYS", default=7))

# --- People and safety --------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
# Acts that reach far ask for the password again when it was given longer ago (accounts.fresh_password).
FRESH_PASSWORD = timedelta(minutes=max(1, env.int("FRESH_PASSWORD_MINUTES", default=15)))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# 5 failures in 15 minutes per person and network address; accounts.throttling adds the budget per person (quality.md S7).
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"  # what accounts.sign_in hands on; axes' own default would be None there
AXES_SENSITIVE_PARAMETERS = ["username", "email", "ip_address"]
AXES_LOCKOUT_CALLABLE = "accounts.views_sign_in.locked_out"
AXES_WHITELIST_CALLABLE = "accounts.devices.is_known"
AXES_CLIENT_IP_CALLABLE = "accounts.throttling.client_address"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True

_COOKIE_PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}session" if PRODUCTION else "leadhub_session"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrf" if PRODUCTION else "leadhub_csrf"
DEVICE_COOKIE_NAME = f"{_COOKIE_PREFIX}device" if PRODUCTION else "leadhub_device"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=14).total_seconds())
SESSION_SAVE_EVERY_REQUEST = False
CSRF_FAILURE_VIEW = "accounts.views_errors.csrf_failure"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Local mode speaks http on loopback only, so the checks that ask for https say nothing useful there.
ABOUT_HTTPS = ["W004", "W008", "W012", "W016", "W018", "W021"]
SILENCED_SYSTEM_CHECKS = [] if PRODUCTION else [f"security.{number}" for number in ABOUT_HTTPS]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Static files -------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / ".local" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

# --- Limits people can read (docs/limits.md) -----------------------------------------------------------------------
IMPORT_MAX_BYTES = 100_000_000
IMPORT_MAX_ROWS = 250_000
IMPORT_MAX_COLUMNS = 200
API_BATCH_MAX = 1_000
API_RATE = "100/10seconds"
PAGE_ROWS = 50

SLOW_REQUEST_SECONDS = 1.0

# --- Logs: one JSON object a line, ids only, no personal data ------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "accounts.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
        "kombu": {"level": "WARNING"},
    },
}
