"""What the environment says, read into what Django's settings want.

The helpers fail loudly: a value that cannot be read stops the start with a sentence saying why.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str) -> str:
    return os.environ.get(f"HEARSAY_{name}", default)


def env_bool(name: str, *, default: bool) -> bool:
    value = env(name, "yes" if default else "no").strip().lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise ImproperlyConfigured(f"HEARSAY_{name} must be yes or no, not {value!r}.")


def env_int(name: str, default: int) -> int:
    value = env(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"HEARSAY_{name} must be a whole number, not {value!r}.") from None


def env_rate(name: str, default: str) -> str:
    """*120/min*: how many, and in which time."""
    value = env(name, default)
    if not re.fullmatch(r"[1-9][0-9]*/(s|min|h|day)", value):
        raise ImproperlyConfigured(f"HEARSAY_{name} must be a number, a slash, and s, min, h or day, not {value!r}.")
    return value


def by_allauth(rate: str, per: str) -> str:
    """A rate as allauth writes it: *120/h* for each *user* or *ip* is 120/h/user."""
    number, _, unit = rate.partition("/")
    return f"{number}/{unit[0]}/{per}"


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


def state_dir() -> Path:
    """Where what belongs to this installation alone is kept, outside the repository."""
    root = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(env("STATE_DIR", str(Path(root) / "hearsay")))


def secret_key() -> str:
    """The key from the environment, or one made on the first start and kept with mode 600."""
    given = env("SECRET_KEY", "")
    if given:
        return given
    path = state_dir() / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"secret_key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64), encoding="utf-8")
        try:
            os.link(fresh, path)  # atomic, and never over a key another process just made
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="utf-8").strip()


def database(url: str) -> dict[str, Any]:
    """`sqlite:///relative.db`, `sqlite:////absolute.db` or `postgres://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path).removeprefix("/")
        if not path:
            raise ImproperlyConfigured("DATABASE_URL names no file: write sqlite:///PATH.")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": BASE_DIR / path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        if not parts.path.strip("/"):
            raise ImproperlyConfigured("DATABASE_URL names no database: write postgres://user@host/NAME.")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            # Pages take milliseconds: compiling their queries first, which PostgreSQL does for long ones, would take longer.
            "OPTIONS": {"options": "-c jit=off", **dict(parse_qsl(parts.query, keep_blank_values=True))},
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL starts with {parts.scheme or 'nothing'}:, but must start with sqlite: or postgres:."
    )


def task_backend(url: str) -> dict[str, Any]:
    """Through what background workers are called: the database, or RQ on the Redis at `url`."""
    if not url:
        return {"BACKEND": "django_tasks_db.DatabaseBackend"}
    if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(f"HEARSAY_QUEUE must begin with redis:// or rediss://, not {url!r}.")
    return {"BACKEND": "django_tasks_rq.RQBackend"}


def mail(url: str) -> dict[str, Any]:
    """How e-mail is sent: `smtp://user:password@host:port`, `smtps://…`, `console:`, or not at all.

    `smtps` is encrypted from the first byte; `smtp` with a user name turns to TLS before the password is sent.
    """
    parts = urlsplit(url)
    if parts.scheme in {"", "console"} and not parts.netloc and not parts.path:
        return {"backend": f"django.core.mail.backends.{parts.scheme or 'dummy'}.EmailBackend"}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(f"HEARSAY_EMAIL_URL must be smtp://HOST, smtps://HOST or console:, not {url!r}.")
    try:
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured("HEARSAY_EMAIL_URL must name its port by a number.") from None
    is_secure = parts.scheme == "smtps"
    return {
        "backend": "django.core.mail.backends.smtp.EmailBackend",
        "host": parts.hostname,
        "port": port or (465 if is_secure else 587 if parts.username else 25),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": is_secure,
        "use_tls": not is_secure and bool(parts.username),
    }


def site_address(url: str) -> str:
    """Where this site is found, without a slash at its end."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(f"HEARSAY_ADDRESS must begin with http:// or https://, not {url!r}.")
    return url.rstrip("/")


def single_sign_on(name: str, server: str, client_id: str, secret: str) -> list[dict[str, Any]]:
    """The provider people sign in through, as allauth takes it; none when nothing is set."""
    given = {"NAME": name, "SERVER": server, "CLIENT_ID": client_id, "SECRET": secret}
    missing = [f"HEARSAY_OIDC_{key}" for key, value in given.items() if not value]
    if len(missing) == len(given):
        return []
    if missing:
        raise ImproperlyConfigured(
            f"Single sign-on is set by half: give {', '.join(missing)} too, or none of the four."
        )
    if urlsplit(server).scheme not in {"http", "https"}:
        raise ImproperlyConfigured(f"HEARSAY_OIDC_SERVER must begin with https://, not {server!r}.")
    return [
        {
            "provider_id": "sso",
            "name": name,
            "client_id": client_id,
            "secret": secret,
            "settings": {"server_url": server.rstrip("/"), "email_authentication": True, "oauth_pkce_enabled": True},
        }
    ]
