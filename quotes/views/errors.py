"""The pages for what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from quotes.http import TakenDown
from quotes.logs import request_id


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Without context processors: the request may be for another host, and refused before anybody looked who asks."""
    return HttpResponse(loader.get_template("errors/400.html").render({}), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was older than the session; what was typed is still in the browser's history."""
    return render(request, "errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Or gone, for what was taken down: when and why in a word, nothing of what it was, and nothing for search engines."""
    if not isinstance(exception, TakenDown):
        return render(request, "errors/404.html", status=404)
    context = {"found": exception.found, "whole": exception.whole}
    response = render(request, "errors/410.html", context, status=410)
    response["X-Robots-Tag"] = "noindex"
    return response


def too_many(request: HttpRequest, exception: Exception | None = None, wait: int = 60) -> HttpResponse:
    """Somebody tries faster than a person would; `wait` in seconds. In a sentence for htmx, which puts it where the answer goes."""
    page = "errors/_429.html" if request.headers.get("HX-Request") else "errors/429.html"
    response = render(request, page, {"wait": wait}, status=429)
    response["Retry-After"] = str(wait)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Without context processors or database: it must render when those are what failed."""
    context = {"request_id": request_id.get()}
    return HttpResponse(loader.get_template("errors/500.html").render(context), status=500)
