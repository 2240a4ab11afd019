"""Where log lines go and in which form. Imports nothing, because the settings do not stand yet when they ask for it."""

from __future__ import annotations

from typing import Any


def of(*, format: str, level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`; `format` is *plain* or *json*. What a line may say stands in quotes.logs."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": "quotes.logs.Discreet"}},
        "formatters": {
            "plain": {
                "()": "quotes.logs.Plain",
                "format": "{asctime} {levelname} {name} [{request_id}]: {message}",
                "style": "{",
            },
            "json": {
                "()": "quotes.logs.Json",
                "format": "{asctime} {levelname} {name} {request_id} {message}",
                "style": "{",
                "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
            },
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": format, "filters": ["discreet"]},
            "mail": {"()": "quotes.logs.ErrorMail", "level": "ERROR", "filters": ["discreet"], "formatter": "plain"},
        },
        "loggers": {
            "django": {"handlers": [], "level": "INFO"},  # its own handlers write addresses, and mail what was sent
            "django.server": {"handlers": [], "level": "CRITICAL", "propagate": True},
            "django.request": {"level": "ERROR"},  # what is refused stands in the line of its request
            "django.db.backends": {"level": "INFO"},  # never statements: they hold texts
        },
        "root": {"handlers": ["console", "mail"], "level": level},
    }
