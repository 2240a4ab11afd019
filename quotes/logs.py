"""What is written down of requests and errors, and what never is: texts, searches, addresses of pages, cookies, passwords, e-mail.

A request is known by the name of its address and by its number, which the answer carries too (X-Request-ID). Of an exception
stand its class and where it was raised; its message may quote what somebody sent, so it stands nowhere.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.log import AdminEmailHandler
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter
from pythonjsonlogger.json import JsonFormatter

UNKNOWN = "unknown"
"""The name of addresses that lead nowhere."""

MOST_AN_HOUR = 5
"""E-mails about one error in an hour, from each worker."""

FIELDS = ("time", "level", "logger", "request_id", "message", "url", "method", "status", "ms", "user", "exc_info")
"""What a line of JSON may hold."""

request_id: ContextVar[str] = ContextVar("request_id", default="")


def name_of(request: HttpRequest) -> str:
    """The name of its address in urls.py, of which there are so many; never the address itself."""
    match = request.resolver_match
    return (match.view_name or UNKNOWN) if match else UNKNOWN


class Discreet(logging.Filter):
    """Adds the request's number to every line, and puts the name of its address in place of the address."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            record.msg, record.args = "%s: %s", (_reason(record), name_of(request))
        return True


def _reason(record: logging.LogRecord) -> str:
    """Django's own lines about requests say why first, and where second."""
    args = record.args if isinstance(record.args, tuple) else ()
    return str(args[0]) if len(args) > 1 and str(record.msg).startswith("%s: %s") else record.name


def told(error: object) -> str:
    """An exception and what it came from: each one's class, and the lines it passed. Neither messages nor variables."""
    return "\n".join(_lines(error)) if isinstance(error, BaseException) else ""


def _lines(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _lines(before)
        yield "and then"
    yield f"{type(error).__module__}.{type(error).__qualname__}"
    for frame, line in traceback.walk_tb(error.__traceback__):
        yield f"  {frame.f_code.co_filename}:{line} in {frame.f_code.co_qualname}"


class Plain(logging.Formatter):
    """For people."""

    def formatException(self, ei: Any) -> str:
        return told(ei[1])


class Json(JsonFormatter):
    """For machines: one object a line, of FIELDS alone; what else a record carries (a request, say) may hold anything."""

    def formatException(self, ei: Any) -> str:
        return told(ei[1])

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return {name: log_data[name] for name in FIELDS if name in log_data}


class Reporter(ExceptionReporter):
    """What an e-mail about an error says: where it was raised, and nothing of what was sent, by whom, with which cookies."""

    def get_traceback_text(self) -> SafeString:
        where = name_of(self.request) if self.request else ""
        return SafeString(f"Address: {where}\nRequest: {request_id.get()}\n\n{told(self.exc_value)}\n")  # nosec B308 B703  # plain text of an e-mail

    def get_traceback_html(self) -> SafeString:
        return SafeString("")


class ErrorMail(AdminEmailHandler):
    """Mails errors to HEARSAY_ADMINS: the same one at most MOST_AN_HOUR times an hour."""

    def __init__(self) -> None:
        super().__init__(include_html=False, reporter_class="quotes.logs.Reporter")

    def emit(self, record: logging.LogRecord) -> None:
        if settings.ADMINS and self._is_due(record):
            super().emit(record)

    def _is_due(self, record: logging.LogRecord) -> bool:
        key = f"error-mail-{hash(self._of(record))}"
        caches["local"].add(key, 0, 3600)
        return caches["local"].incr(key) <= MOST_AN_HOUR

    def _of(self, record: logging.LogRecord) -> tuple[object, ...]:
        """What makes two errors the same: their class and the line that raised them; else who logged them where."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return record.name, record.pathname, record.lineno
        frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
        return type(error), *frames[-1:]
