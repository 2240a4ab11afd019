"""What watches a site asks it: is it up, can it serve, and how much it does."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quotes import metrics as measured
from quotes.services import health


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is looked at, so that a slow database gets nobody restarted."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether readers should be sent here: 200, or 503 with what is missing."""
    words = health.report()
    return JsonResponse(words, status=200 if health.is_ready(words) else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus's text format, for who knows the token; without one in the settings there is no such page."""
    token = settings.HEARSAY_METRICS_TOKEN
    if not token:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return HttpResponse(
            "Send the token: Authorization: Bearer …\n", "text/plain", 401, headers={"WWW-Authenticate": "Bearer"}
        )
    return HttpResponse(measured.written(), content_type=measured.CONTENT_TYPE)
