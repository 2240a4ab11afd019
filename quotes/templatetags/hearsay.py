"""Tags and filters. They only wrap what the lower floors know."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince, timeuntil

from quotes.models import Attribution, Flag
from quotes.services.flag import RESULTS
from quotes.services.notice import one_line
from quotes.text import segments, verdict
from quotes.text.diff import Change, changes
from quotes.text.fragment import to_words
from quotes.text.query import Query, Term
from quotes.text.spans import Span

register = template.Library()


@register.filter
def class_name(sourcing: str) -> str:
    """*secondhand_unnamed* -> Secondhand, unnamed."""
    return verdict.CLASS_NAMES.get(sourcing, "Not read yet")


@register.filter
def class_meaning(sourcing: str) -> str:
    """One sentence for what the class means."""
    return verdict.CLASS_MEANINGS.get(sourcing, "")


@register.filter
def diff_from(variant: str, best: str) -> list[Change]:
    """How a wording differs from the best version, word by word."""
    return changes(best, variant)


@register.filter
def said(attribution: Attribution) -> str:
    """The words of an attribution as a reader would cite them."""
    return attribution.variant_words


@register.filter
def original_place(attribution: Attribution) -> str:
    """The words in the outlet's own page: its address with a text fragment. No query after with_evidence."""
    words = next((span for span in attribution.spans.all() if span.role == "content"), None)
    url = attribution.revision.article.canonical_url or ""
    return to_words(url, words.exact, words.prefix, words.suffix) if words else url


@register.filter
def excerpt(attribution: Attribution, around: int = 60) -> list[segments.Segment]:
    """The words of the article that say so, and `around` characters on each side.

    Inferred relays stand elsewhere in the text and are left out.
    """
    inferred = {relay.pk for relay in attribution.relays.all() if relay.inferred}
    marks = [
        segments.Mark(Span(span.start, span.end), f"m-{span.role} s-{attribution.sourcing}", 0)
        for span in attribution.spans.all()
        if span.relay_id not in inferred
    ]
    return segments.excerpt(attribution.revision.text, marks, around)


@register.filter
def day(moment: datetime | None, pattern: str = "j F Y") -> str:
    """The day something was published or seen, in UTC, as reading counts days too."""
    return date_format(moment.astimezone(UTC).date(), pattern) if moment else ""


@register.simple_tag
def day_of(moment: datetime, pattern: str = "j F Y") -> SafeString:
    """The day as a time element; the moment with its zone, and how long ago, where a reader points."""
    return _time(moment, day(moment, pattern))


@register.simple_tag
def moment_of(moment: datetime) -> SafeString:
    """Day, hour and zone as a time element."""
    local = timezone.localtime(moment)
    return _time(moment, f"{date_format(local, 'j F Y, H:i')} {local.tzname()}")


def _time(moment: datetime, shown: str) -> SafeString:
    local = timezone.localtime(moment)
    distance = f"in {timeuntil(moment)}" if moment > timezone.now() else f"{timesince(moment)} ago"
    title = f"{date_format(local, 'j F Y, H:i')} {local.tzname()}, {distance}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), title, shown)


@register.filter
def duration(length: timedelta) -> str:
    """How long something takes, in the two largest units: *1 hour, 12 minutes*; seconds below a minute."""
    seconds = round(length.total_seconds())
    if seconds < 60:
        return f"{seconds} second{'s' if seconds != 1 else ''}"
    now = timezone.now()
    return timesince(now - length, now)


LITERAL = str.maketrans({letter: f"\\u{ord(letter):04X}" for letter in "<>&\u2028\u2029"})
"""What could end a script element or a line of a script."""


@register.simple_tag
def json_ld(node: dict[str, Any]) -> SafeString:
    """Linked data for search engines, as a data block: nothing in it is run, and nothing in it can end it."""
    text = json.dumps(node, ensure_ascii=False).translate(LITERAL)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # nosec B308 B703  # LITERAL escapes what could end it


@register.filter
def result_name(result: str) -> str:
    """What became of a flag, as an editor chooses it."""
    return str(RESULTS.get(Flag.State(result), result)) if result else ""


@register.filter
def in_words(value: Any) -> str:
    """A value of a decision's record as a reader is told it."""
    if value is None or value == []:
        return "nobody"
    if value == "":
        return "nothing"
    if isinstance(value, list):
        return " → ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return verdict.CLASS_NAMES.get(str(value), str(value))


@register.filter
def on_one_line(value: str) -> str:
    """For plain text, in which a line break in a name could feign a line."""
    return one_line(value)


@register.filter
def as_term(value: str, name: str) -> str:
    """A whole name as a term of a search: *speaker:"Ann Lee"*."""
    return str(Term(name, value, is_exact=True))


@register.simple_tag(takes_context=True)
def toggled(context: template.Context, term: Term) -> str:
    """The address of the search with a term taken off, or put in where it is not; on its first page."""
    query: Query = context["query"]
    known = next((other for other in query.terms if str(other).casefold() == str(term).casefold()), None)
    given = context["request"].GET.copy()
    given["q"] = str(query.without(known) if known else query.plus(term))
    given.pop("page", None)
    return f"{context['request'].path}?{given.urlencode()}"
