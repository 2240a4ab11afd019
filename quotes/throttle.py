"""How often one reader may ask: an account, or the address of people who are not signed in.

What reads is counted by each worker in its own memory, since a count in the database would cost every search a write:
with two workers up to twice the rate gets through. What writes (signing in, adding, reporting) is counted by allauth in the
database, over all workers: see ACCOUNT_RATE_LIMITS.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.connection import ConnectionProxy
from ninja.throttling import SimpleRateThrottle

from quotes.views.errors import too_many

View = TypeVar("View", bound=Callable[..., HttpResponse])


class Rate(SimpleRateThrottle):
    """So many requests in so much time, such as *120/min*. No query."""

    cache = ConnectionProxy(caches, "local")  # type: ignore[assignment]

    def __init__(self, scope: str, rate: str) -> None:
        super().__init__(rate)
        self.scope = scope

    def get_cache_key(self, request: HttpRequest) -> str:
        ident = f"user-{request.user.pk}" if request.user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}


EACH = {"s": "a second", "min": "a minute", "h": "an hour", "day": "a day"}


def in_words(rate: str) -> str:
    """*5/h* is 5 an hour."""
    number, _, unit = rate.partition("/")
    return f"{number} {EACH[unit]}"


def throttled(scope: str) -> Callable[[View], View]:
    """Answers 429 beyond the rate that the setting HEARSAY_<scope>_RATE allows, and says when to ask again."""

    def decorator(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            rate = Rate(scope, getattr(settings, f"HEARSAY_{scope.upper()}_RATE"))
            if not rate.allow_request(request):
                return too_many(request, wait=ceil(rate.wait() or 1))
            return view(request, *args, **kwargs)

        return counted  # type: ignore[return-value]

    return decorator
