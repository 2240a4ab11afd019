"""Tags and filters. They only wrap what the lower floors know."""

from __future__ import annotations

from typing import Any

from django import template

from quotes.models import Attribution, Quote
from quotes.text import wording
from quotes.text.diff import Change, changes

register = template.Library()


@register.filter
def class_name(sourcing: str) -> str:
    """*secondhand_unnamed* -> Secondhand, unnamed."""
    return wording.CLASS_NAMES.get(sourcing, "Not read yet")


@register.filter
def class_meaning(sourcing: str) -> str:
    """One sentence for what the class means."""
    return wording.CLASS_MEANINGS.get(sourcing, "")


@register.filter
def via(quote: Quote) -> list[Any]:
    """The distinct intermediaries of a listed quote, nearest the speaker first. No query after with_row_details."""
    relays = [
        relay
        for variant in quote.variants.all()
        for attribution in getattr(variant, "shown_attributions", [])
        for relay in attribution.relays.all()
        if relay.intermediary is not None or relay.description
    ]
    return list({relay.label: relay for relay in relays}.values())


@register.filter
def diff_from(variant: str, best: str) -> list[Change]:
    """How a wording differs from the best version, word by word."""
    return changes(best, variant)


@register.filter
def said(attribution: Attribution) -> str:
    """The words of an attribution as a reader would cite them."""
    return attribution.variant.wording if attribution.variant else ""


@register.filter
def spans_of(attribution: Attribution, role: str) -> list[Any]:
    return [span for span in attribution.spans.all() if span.role == role]


@register.filter
def value_of(mapping: dict[str, Any], key: str) -> Any:
    return mapping.get(key)


@register.filter
def in_words(value: Any) -> str:
    """A value of a decision's record as a reader is told it."""
    if value is None or value == [] or value == "":
        return "nobody"
    if isinstance(value, list):
        return " → ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return wording.CLASS_NAMES.get(str(value), str(value))


@register.simple_tag(takes_context=True)
def without(context: template.Context, name: str) -> str:
    """The page's address without one filter, and back on its first page."""
    query = context["request"].GET.copy()
    query.pop(name, None)
    query.pop("page", None)
    return f"?{query.urlencode()}"
