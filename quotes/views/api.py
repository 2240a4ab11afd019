"""The page that explains the JSON API, drawn from its OpenAPI description."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from quotes.api import api
from quotes.http import Request


@require_GET
def detail(request: Request) -> HttpResponse:
    """Every address with its parameters and what it answers. No query."""
    schema = api.get_openapi_schema()
    operations = [_operation(path, methods["get"], schema) for path, methods in schema["paths"].items()]
    context = {"operations": operations, "rate": settings.HEARSAY_API_RATE, "base": request.build_absolute_uri("/")}
    return render(request, "api/detail.html", context)


def _operation(path: str, told: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    answer = told["responses"][200]["content"]["application/json"]["schema"]
    return {
        "path": path,
        "summary": told["summary"],
        "description": told.get("description", ""),
        "parameters": [
            {"name": p["name"], "description": p["schema"].get("description", ""), "is_required": p["required"]}
            for p in told["parameters"]
        ],
        "fields": [
            {"name": name, "description": field.get("description", ""), "values": field.get("enum", ())}
            for name, field in _resolved(answer, schema)["properties"].items()
        ],
        "is_list": "Paged" in answer["$ref"],
    }


def _resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema a reference leads to; of a page, that of its rows."""
    while "$ref" in node:
        node = schema["components"]["schemas"][node["$ref"].rpartition("/")[2]]
    rows = node.get("properties", {}).get("results", {}).get("items")
    return _resolved(rows, schema) if rows else node
