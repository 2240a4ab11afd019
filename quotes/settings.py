"""Settings, all from the environment; every variable is listed in docs/operations.md.

The helpers fail loudly: a value that cannot be read stops the start with a sentence saying why.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from quotes import __version__, log_config
from quotes.environment import (
    BASE_DIR,
    by_allauth,
    database,
    env,
    env_bool,
    env_int,
    env_list,
    env_rate,
    mail,
    secret_key,
    single_sign_on,
    site_address,
    state_dir,
    task_backend,
)

HEARSAY_VERSION = __version__

DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = secret_key()
PRODUCTION = env_bool("PRODUCTION", default=False)
"""Served over HTTPS by a proxy: secure cookies, HSTS, redirects."""

ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

HEARSAY_ANONYMOUS_READING = env_bool("ANONYMOUS_READING", default=True)
"""Whether people who are not signed in may read the pages."""

HEARSAY_REPORT_WITHOUT_ACCOUNT = env_bool("REPORT_WITHOUT_ACCOUNT", default=False)
"""Whether readers who are not signed in may report a problem with a quote."""

HEARSAY_LONGEST_TEXT = env_int("LONGEST_TEXT", 500_000)
"""Characters an article may have; longer ones are refused with a message."""

HEARSAY_LARGEST_UPLOAD = env_int("LARGEST_UPLOAD", 50_000_000)
"""Bytes an uploaded file may have."""

HEARSAY_MODEL = env("MODEL", "")
"""A folder with a trained model; empty for the one that is shipped, "none" for the rules alone."""

HEARSAY_API_RATE = env_rate("API_RATE", "120/min")
"""Requests of one reader to the JSON API: a number, a slash, and s, min, h or day."""

HEARSAY_SEARCH_RATE = env_rate("SEARCH_RATE", "120/min")
"""Searches of one reader, comparisons and suggested names among them."""

HEARSAY_FEED_RATE = env_rate("FEED_RATE", "60/h")
"""Requests to private feeds from one address."""

HEARSAY_ADD_RATE = env_rate("ADD_RATE", "120/h")
"""Articles and files one person may add."""

HEARSAY_REPORT_RATE = env_rate("REPORT_RATE", "5/h")
"""Problems that may be reported from one address."""

HEARSAY_ADDRESS = site_address(env("ADDRESS", "http://127.0.0.1:8000"))
"""Where people find this site, for links that are sent or printed outside a page."""

HEARSAY_UPLOADS = Path(env("UPLOADS", str(state_dir() / "uploads")))
"""Where uploaded files wait until they are read; on several machines a folder that all of them see."""

HEARSAY_CONTACT = env("CONTACT", "")
"""An address or page that sites find in the name we fetch under, to complain to; empty for HEARSAY_ADDRESS alone."""

HEARSAY_PACE = env_int("PACE", 2)
"""Seconds between two requests to one host, where its robots.txt asks for no more."""

HEARSAY_LOOPBACK_PORTS = [int(port) for port in env_list("LOOPBACK_PORTS") if port.isdecimal()]
"""For tests: ports of this machine itself that links may lead to. Empty in earnest."""

HEARSAY_ARCHIVE = env("ARCHIVE", "")
"""What saves a page to an archive when its address is put behind it, such as https://web.archive.org/save/; empty saves none."""
HEARSAY_KEPT_FOLDERS = {"uploads": HEARSAY_UPLOADS}
"""Folders of files that a backup takes along, by the name they have in it."""

HEARSAY_STATE_DIR = state_dir()

HEARSAY_METRICS_TOKEN = env("METRICS_TOKEN", "")
"""What Prometheus sends to be given the metrics; empty: there are none."""

BEHIND_PROXY = env_bool("BEHIND_PROXY", default=False)
NINJA_NUM_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "quotes.apps.QuotesConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "quotes.http.request_logged",
    "quotes.headers.protected",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "quotes.http.whole_page_to_sign_in",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "quotes.headers.kept_by_nobody",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "quotes.http.bounded",
    "quotes.http.reading_allowed",
    "quotes.http.last_seen",
]

ROOT_URLCONF = "quotes.urls"
WSGI_APPLICATION = "quotes.wsgi.application"

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
                "quotes.http.site",
            ],
            "builtins": ["quotes.templatetags.hearsay", "django_htmx.templatetags.django_htmx"],
        },
    }
]
FORM_RENDERER = "quotes.forms.Renderer"

DATABASES = {"default": database(os.environ.get("DATABASE_URL", "sqlite:///var/hearsay.sqlite3"))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["NAME"].parent.mkdir(parents=True, exist_ok=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {  # one for all workers, for the throttles of signing in; made by migrate
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "local": {  # each worker's own, for what is counted on every request
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "local",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

QUEUE = env("QUEUE", "")
"""The Redis that calls background workers, as redis://HOST:PORT/NUMBER; empty for the database."""

TASKS = {"default": task_backend(QUEUE)}
RQ_SHOW_ADMIN_LINK = False
if QUEUE:
    INSTALLED_APPS.append("django_rq")
RQ_QUEUES = {"default": {"URL": QUEUE or "redis://127.0.0.1:6379/0", "DEFAULT_TIMEOUT": 3600, "DEFAULT_RESULT_TTL": 60}}

MAIL = mail(env("EMAIL_URL", "console:" if DEBUG else ""))
EMAIL_BACKEND = MAIL["backend"]
EMAIL_HOST = MAIL.get("host", "")
EMAIL_PORT = MAIL.get("port", 25)
EMAIL_HOST_USER = MAIL.get("user", "")
EMAIL_HOST_PASSWORD = MAIL.get("password", "")
EMAIL_USE_SSL = MAIL.get("use_ssl", False)
EMAIL_USE_TLS = MAIL.get("use_tls", False)
EMAIL_TIMEOUT = 20
EMAIL_SUBJECT_PREFIX = "Hearsay: "
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", "Hearsay <hearsay@localhost>")

AUTHENTICATION_BACKENDS = ["quotes.adapters.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
CSRF_FAILURE_VIEW = "quotes.views.errors.csrf_failed"
LOGIN_REDIRECT_URL = "home_index"
LOGOUT_REDIRECT_URL = "home_index"

ACCOUNT_ADAPTER = "quotes.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "quotes.account_forms.LoginForm",
    "add_email": "quotes.account_forms.AddEmailForm",
    "change_password": "quotes.account_forms.ChangePasswordForm",
    "set_password": "quotes.account_forms.SetPasswordForm",
    "reset_password": "quotes.account_forms.ResetPasswordForm",
    "reset_password_from_key": "quotes.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "quotes.account_forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]  # nobody signs up; allauth's checks want them
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever invites somebody vouches for the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Hearsay: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,5/5m/key",  # a newsroom shares one address
    "report_problem": by_allauth(HEARSAY_REPORT_RATE, "ip"),  # our own: quotes.views.problem
    "add_article": by_allauth(HEARSAY_ADD_RATE, "user"),  # and quotes.views.add
}

MFA_ADAPTER = "quotes.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "quotes.account_forms.CodeForm",
    "reauthenticate": "quotes.account_forms.CodeAgainForm",
    "activate_totp": "quotes.account_forms.SetUpCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Hearsay"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody can sign up with the address of somebody else

HEARSAY_OIDC_JOIN = env_bool("OIDC_JOIN", default=False)
"""Whether single sign-on makes an account for people nobody has invited."""

HEARSAY_OIDC_GROUP = env("OIDC_GROUP", "reporters")
"""The group of those accounts."""

SOCIALACCOUNT_ADAPTER = "quotes.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": single_sign_on(
            env("OIDC_NAME", ""), env("OIDC_SERVER", ""), env("OIDC_CLIENT_ID", ""), env("OIDC_SECRET", "")
        )
    }
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: the policy on form-action forbids a form that leads to another site

LANGUAGE_CODE = env("LANGUAGE", "en-gb")
TIME_ZONE = env("TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or "pytest" in sys.modules
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # A proxy may serve these, under another account; FILE_UPLOAD_PERMISSIONS is for what people send.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = (
    6_000_000  # a text of LONGEST_TEXT characters, each of them six bytes in an address or a form
)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_PERMISSIONS = 0o600

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # not Strict: who comes from single sign-on is signed in
if PRODUCTION:  # browsers take such a cookie over HTTPS from this very host alone
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked from within, without TLS
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOG_FORMAT = env("LOG_FORMAT", "plain")
if LOG_FORMAT not in {"plain", "json"}:
    raise ImproperlyConfigured(f"HEARSAY_LOG_FORMAT must be plain or json, not {LOG_FORMAT!r}.")

ADMINS = [("", address) for address in env_list("ADMINS")]
"""Who is told of errors by e-mail."""

LOGGING_CONFIG = (
    "logging.config.dictConfig"  # without Django's own handlers, which write addresses and mail what was sent
)
LOGGING = log_config.of(format=LOG_FORMAT, level=env("LOG_LEVEL", "INFO"))
