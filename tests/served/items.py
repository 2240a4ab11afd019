"""What eight editors work on at once, and the account of what they did; run by the server's own manage.py."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.db.models import F

from quotes.models import Attribution, Decision, Flag, Match, Problem, Quote, SearchEntry, Speaker
from quotes.services import summary
from quotes.services.journal import ids_in
from tests.factories import (
    make_attribution,
    make_evidence,
    make_flag,
    make_outlet,
    make_problem,
    make_speaker,
    make_user,
)

EDITORS = 8
SPEAKERS = ("Ann Lee", "Bob Stone", "Cy Moor")
THINGS = (
    "bridges harbours schools stations hospitals markets theatres archives gardens stadiums libraries canals".split()
)


def make(path: str) -> None:
    """Sixty items, many about the same quotes: 30 readings of 12 quotes, 12 pairs, 14 flags, 4 readers' reports."""
    for number in range(EDITORS):
        make_user(f"editor{number}", "editors")
    rita = make_user("rita", "reporters")
    speakers = [make_speaker(name) for name in SPEAKERS]
    aide, outlets = make_speaker("Dee Fox"), [make_outlet() for _ in range(5)]
    quotes = []
    for number, thing in enumerate(THINGS):
        words = f"We will open all the {thing} of the old town again before the winter comes."
        first = make_attribution(words, speaker=speakers[number % 3], confidence=0.3)
        assert first.variant is not None
        quotes.append(first.variant.quote)
        for further in range(2 if number % 2 else 1):
            made = make_attribution(
                words, speaker=first.speaker, quote=quotes[-1], via=(aide,) if further else (), confidence=0.4
            )
            made.revision.article.outlet = outlets[number % 5]
            made.revision.article.save()
    for number, quote in enumerate(quotes):
        other = quotes[(number + 3) % len(quotes)]
        one, two = sorted((quote.variants.get().pk, other.variants.get().pk))
        Match.objects.create(one_id=one, other_id=two, score=0.7)
    kinds = ["secondhand", "fabricated", "wording_altered", "denied", "wrong_speaker", "cut_short", "accounts_differ"]
    for number in range(14):
        flag = make_flag(quotes[number % 10], rita, kind=kinds[number % 7])
        for kind in ("article", "recording"):
            make_evidence(flag, rita, kind=kind)
    for number in range(4):
        make_problem(quotes[number], kind="back_translated")
    summary.refresh(quote.pk for quote in quotes)
    tables = {"reading": Attribution, "match": Match, "flag": Flag, "problem": Problem, "quote": Quote}
    Path(path).write_text(json.dumps({name: _numbers(table) for name, table in tables.items()}))


def _numbers(table: Any) -> list[int]:
    return list(table.objects.order_by("pk").values_list("pk", flat=True))


def account(path: str) -> None:
    """What the record says, and whatever does not agree with it."""
    decisions = list(Decision.objects.order_by("pk").select_related("undoes"))
    by_hand = [decision for decision in decisions if decision.actor_id]
    Path(path).write_text(
        json.dumps(
            {
                "decisions": len(by_hand),
                "by_editor": Counter(str(decision.actor) for decision in by_hand),
                "verbs": Counter(decision.verb.split(":")[0] for decision in decisions),
                "wrong": [*_wrong_versions(decisions), *_wrong_states(decisions), *_wrong_counts()],
            }
        )
    )


def _wrong_versions(decisions: list[Decision]) -> list[str]:
    """A version is 1, and 1 for each act on the row and each undoing that put the row back."""
    acts: Counter[tuple[str, int]] = Counter()
    for decision in decisions:
        if decision.undoes:
            for table in ("attribution", "flag"):
                acts.update((table, pk) for pk in ids_in(decision.undoes.changes, table))
        elif decision.flag_id:
            acts["flag", decision.flag_id] += 1
        elif decision.attribution_id and decision.verb in ("accepted", "rejected", "corrected"):
            acts["attribution", decision.attribution_id] += 1
    return [
        f"{name} {pk}: version {version}, but {acts[name, pk]} acts"
        for name, table in (("attribution", Attribution), ("flag", Flag))
        for pk, version in table.objects.values_list("pk", "version")
        if version != 1 + acts[name, pk]
    ]


def _wrong_states(decisions: list[Decision]) -> list[str]:
    """The last decision on a flag or a reading says what it is now, and each begins where the one before it ended."""
    wrong, now = [], {}
    for decision in decisions:
        if decision.flag_id:
            key, field = ("flag", decision.flag_id), "state"
        elif decision.attribution_id and "status" in decision.after:
            key, field = ("attribution", decision.attribution_id), "status"
        else:
            continue
        if now.get(key, decision.before[field]) != decision.before[field]:
            wrong.append(f"decision {decision.pk} begins with {decision.before[field]}, but {key} was {now[key]}")
        now[key] = decision.after[field]
    for flag in Flag.objects.all():
        if now.get(("flag", flag.pk), flag.get_state_display()) != flag.get_state_display():
            wrong.append(f"{flag} is not {now['flag', flag.pk]}")
    for row in Attribution.objects.all():
        if now.get(("attribution", row.pk), row.get_status_display()) != row.get_status_display():
            wrong.append(f"attribution {row.pk} is {row.status}, not {now['attribution', row.pk]}")
    return wrong


def _wrong_counts() -> list[str]:
    """What lists show of a quote is what its reports say when counted anew; nothing stands in a merged quote."""
    before = _derived()
    summary.refresh(list(Quote.objects.values_list("pk", flat=True)))
    wrong = [
        f"quote {pk}: {was} instead of {_derived()[pk]}" for pk, was in before.items() if was != _derived().get(pk)
    ]
    astray = Attribution.objects.shown().filter(variant__quote__merged_into__isnull=False)
    wrong += [f"attribution {row.pk} stands in a merged quote" for row in astray]
    strange = Attribution.objects.filter(variant__isnull=False).exclude(speaker=F("variant__quote__speaker"))
    wrong += [
        f"attribution {row.pk} is {row.speaker}, in a quote of {row.variant.quote.speaker}"
        for row in strange
        if row.variant
    ]
    return wrong + [f"{speaker.name} twice" for speaker in Speaker.objects.filter(name__in=SPEAKERS)[len(SPEAKERS) :]]


def _derived() -> dict[int, list[Any]]:
    quotes = Quote.objects.prefetch_related("outlets", "intermediaries").order_by("pk")
    entries = set(SearchEntry.objects.values_list("quote", flat=True))
    return {
        quote.pk: [
            *(getattr(quote, name) for name in summary.DERIVED),
            sorted(outlet.pk for outlet in quote.outlets.all()),
            sorted(speaker.pk for speaker in quote.intermediaries.all()),
            quote.pk in entries,
        ]
        for quote in quotes
    }
