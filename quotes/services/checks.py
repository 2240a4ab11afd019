"""Looks through all that is kept for what cannot be, and mends what is derived. Evidence and decisions are never touched.

What looks wrong is looked at once more while nobody else writes, so that a site at work raises no false alarm; a repair
happens in that same moment. Rows are walked a batch at a time, so memory does not grow with the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from quotes.models import Article, Attribution, Decision, Key, PassageKey, Quote, Revision, SearchEntry, Span, Speaker
from quotes.services import full_text, index, journal, summary
from quotes.services.ingest import digest_of
from quotes.services.turns import in_turn
from quotes.text.copies import passages

DERIVED: tuple[type[models.Model], ...] = (
    Quote.outlets.through,
    Quote.intermediaries.through,
    SearchEntry,
    PassageKey,
)
"""Tables that are made of the others and may be made again."""

RUN_REPAIR = "Run manage.py check_data --repair."
RESTORE = "Nothing can make it again: look at what wrote there, and restore this from a backup."


INDEX = "The index of wordings"


class Finding(NamedTuple):
    """Something that cannot be: where, what, and what to do about it."""

    where: str
    what: str
    advice: str
    is_repaired: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {'Repaired.' if self.is_repaired else self.advice}"


class Fault(NamedTuple):
    """What a look at one row found. `row` is the row that was looked at; `where` may be one below it."""

    row: int
    where: str
    what: str


Tell = Callable[[int, int], None]
"""Is told how many rows are done, of how many (0: unknown)."""

Check = Callable[[Tell, bool], Iterator[Finding]]
"""Looks through everything of one kind; repairs what it may when it is told to."""

Look = Callable[[Sequence[int]], Iterable[Fault]]


def run(*, repair: bool, tell: Callable[[str, int, int], None]) -> Iterator[Finding]:
    """All checks in their order. `tell` is given the name of each, and how far it has come."""
    for name, check in CHECKS.items():

        def told(done: int, total: int, name: str = name) -> None:
            tell(name, done, total)

        yield from check(told, repair)


def quick() -> Iterator[Finding]:
    """What can be looked at in seconds on any database: whether rows lead where they should."""
    for name in QUICK:
        yield from CHECKS[name](lambda done, total: None, False)


def by_row(
    rows: Callable[[], QuerySet[Any]],
    look: Look,
    *,
    size: int,
    mend: Callable[[Sequence[int]], None] | None = None,
) -> Check:
    """A check that looks at rows in batches of `size`, and again at those that seem wrong while nobody writes."""

    def check(tell: Tell, repair: bool) -> Iterator[Finding]:
        total, done, last = rows().count(), 0, 0
        numbers = rows().order_by("pk").values_list("pk", flat=True)
        while batch := list(numbers.filter(pk__gt=last)[:size]):
            suspects = sorted({fault.row for fault in look(batch)})
            if suspects:
                yield from _certain(suspects, look, mend, repair)
            done, last = done + len(batch), batch[-1]
            tell(done, total)

    return check


def _certain(
    suspects: Sequence[int], look: Look, mend: Callable[[Sequence[int]], None] | None, repair: bool
) -> list[Finding]:
    advice = RESTORE if mend is None else RUN_REPAIR
    with in_turn():
        faults = list(look(suspects))
        left = set(faults)
        if repair and mend is not None and faults:
            mend(sorted({fault.row for fault in faults}))
            left = set(look(suspects))
    return [Finding(where, what, advice, (row, where, what) not in left) for row, where, what in faults]


# --- rows that name other rows, and rules of tables -------------------------------------------------


def tables() -> Iterator[type[models.Model]]:
    """Hearsay's own, links included; but the keys of wordings, which have a check of their own."""
    for table in apps.get_app_config("quotes").get_models(include_auto_created=True):
        if table is not Key:
            yield table


def _references(tell: Tell, repair: bool) -> Iterator[Finding]:
    """Rows that name a row which is gone. One statement for each reference there may be."""
    found = [
        (table, field)
        for table in tables()
        for field in table._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    ]
    for done, (table, field) in enumerate(found):
        tell(done, len(found))
        named: type[models.Model] = field.related_model  # type: ignore[assignment]
        there = named._base_manager.filter(pk=OuterRef(field.attname))
        lost = table._base_manager.filter(~Exists(there), **{f"{field.attname}__isnull": False})
        told = list(lost.values_list("pk", field.attname)[:MOST_TOLD])
        is_repaired = repair and table in DERIVED and bool(told)
        if is_repaired:
            lost.delete()
        for pk, gone in told:
            what = f"it names {named._meta.verbose_name} {gone}, which is not there"
            yield Finding(f"{_label(table)} {pk}", what, RUN_REPAIR if table in DERIVED else RESTORE, is_repaired)


def _rules(tell: Tell, repair: bool) -> Iterator[Finding]:
    """Rows that break a rule their table declares. One statement a rule."""
    rules = [
        (table, rule)
        for table in tables()
        for rule in table._meta.constraints
        if isinstance(rule, models.CheckConstraint)
    ]
    for done, (table, rule) in enumerate(rules):
        tell(done, len(rules))
        broken = table._base_manager.exclude(rule.condition).order_by("pk").values_list("pk", flat=True)
        for pk in broken[:MOST_TOLD]:
            said = rule.name.removesuffix("_").replace("_", " ")
            yield Finding(f"{_label(table)} {pk}", f"it breaks the rule “{said}”", RESTORE)


MOST_TOLD = 1000
"""Rows told of for one reference or one rule."""


def _label(table: type[models.Model]) -> str:
    return str(table._meta.verbose_name).capitalize()


def _circles(tell: Tell, repair: bool) -> Iterator[Finding]:
    """Merged rows that lead back to themselves: their pages would never end. One query a table."""
    for table in (Quote, Speaker):
        merged = table._base_manager.exclude(merged_into=None).order_by("pk")
        into = dict(merged.values_list("pk", "merged_into"))
        settled: set[int] = set()
        for start in into:
            path: dict[int, None] = {}
            at: int | None = start
            while at is not None and at not in path and at not in settled:
                path[at] = None
                at = into.get(at)
            if at is not None and at in path:
                circle = list(path)[list(path).index(at) :]
                what = f"it is merged in a circle: {' into '.join(map(str, [*circle, at]))}"
                yield Finding(f"{_label(table)} {at}", what, RESTORE)
            settled |= path.keys()


# --- evidence ---------------------------------------------------------------------------------------


def _texts(revisions: Sequence[int]) -> Iterator[Fault]:
    """Texts that are not what was stored, and spans whose words do not stand where they say. Two queries."""
    texts = {}
    for pk, text, digest in Revision.objects.filter(pk__in=revisions).values_list("pk", "text", "digest"):
        texts[pk] = text
        if digest_of(text) != digest:
            yield Fault(pk, f"Revision {pk}", "its text is not the one its digest was made of")
    spans = (
        Span.objects.filter(attribution__revision__in=revisions)
        .order_by("pk")
        .values_list(
            *("pk", "attribution__revision", "role", "start", "end", "exact", "prefix", "suffix"),
            *("attribution", "relay", "relay__attribution"),
        )
    )
    for pk, revision, role, start, end, exact, prefix, suffix, report, relay, relayed in spans.iterator():
        text = texts[revision]
        if text[start:end] != exact:
            yield Fault(revision, f"Span {pk}", f"its words do not stand at {start}–{end} of revision {revision}")
        elif not text[:start].endswith(prefix) or not text.startswith(suffix, end):
            yield Fault(revision, f"Span {pk}", f"other words stand around it in revision {revision} than it says")
        if role not in Span.Role:
            yield Fault(revision, f"Span {pk}", f"nobody knows its role “{role}”")
        if relay is not None and relayed != report:
            yield Fault(revision, f"Span {pk}", f"its relay {relay} is one of another attribution")


def _chains(reports: Sequence[int]) -> Iterator[Fault]:
    """Attributions without words, or whose first word or chain is not where it should be. Two queries."""
    found = Attribution.objects.filter(pk__in=reports)
    words = found.annotate(first=Min("spans__start", filter=Q(spans__role=Span.Role.CONTENT)))
    for pk, start, first in words.values_list("pk", "start", "first"):
        if first is None:
            yield Fault(pk, f"Attribution {pk}", "none of its spans holds what was said")
        elif first != start:
            yield Fault(pk, f"Attribution {pk}", f"it says that its words begin at {start}, but they begin at {first}")
    chains = found.annotate(n=Count("relays"), low=Min("relays__position"), high=Max("relays__position"))
    different = Count("relays__position", distinct=True)
    broken = chains.filter(n__gt=0).annotate(different=different).exclude(low=1, high=F("n"), different=F("n"))
    for pk in broken.values_list("pk", flat=True):
        positions = ", ".join(
            str(at)
            for at in found.filter(pk=pk).order_by("relays__position").values_list("relays__position", flat=True)
        )
        yield Fault(
            pk, f"Attribution {pk}", f"its relays stand at positions {positions}, not at 1 and on without a gap"
        )


def _versions(articles: Sequence[int]) -> Iterator[Fault]:
    """Articles whose revisions do not count 1, 2, 3, or whose current one is not there. One query."""
    numbers: dict[int, list[int]] = {pk: [] for pk in articles}
    for article, number in Revision.objects.filter(article__in=articles).values_list("article", "number"):
        numbers[article].append(number)
    chosen = dict(Article.objects.filter(pk__in=articles).values_list("pk", "current_number"))
    for article, current in chosen.items():
        have = sorted(numbers[article])
        if have != list(range(1, len(have) + 1)):
            told = ", ".join(map(str, have))
            yield Fault(
                article, f"Article {article}", f"its revisions have the numbers {told}, not 1 and on without a gap"
            )
        if current is not None and current not in have:
            what = f"its current revision is said to be number {current}, which is not there"
            yield Fault(article, f"Article {article}", what)


def _journals(decisions: Sequence[int]) -> Iterator[Fault]:
    """Decisions that could not be undone, because what they say they changed cannot be read. One query."""
    rows = Decision.objects.filter(pk__in=decisions).order_by("pk").values_list("pk", "changes", "before", "after")
    for pk, changes, before, after in rows:
        fault = journal.fault(changes)
        if fault:
            yield Fault(pk, f"Decision {pk}", fault)
        if not all(isinstance(told, dict) for told in (before, after)):
            yield Fault(pk, f"Decision {pk}", "what was before and after it is not in named values")


# --- what is derived --------------------------------------------------------------------------------


def _quotes(quotes: Sequence[int]) -> Iterator[Fault]:
    for pk, wrong in summary.differences(quotes).items():
        for what in wrong:
            yield Fault(pk, f"Quote {pk}", what)


def _sentences(articles: Sequence[int]) -> Iterator[Fault]:
    """Articles that copies could not be found by, because their sentences are not filed as they stand. Four queries."""
    filed: dict[int, set[int]] = defaultdict(set)
    for key, article in PassageKey.objects.filter(article__in=articles).values_list("key", "article"):
        filed[article].add(key)
    for pk, text in _current_texts(articles).items():
        if filed[pk] != _keys_in(text):
            yield Fault(pk, f"Article {pk}", "the keys of its sentences are not those of its current text")


def _current_texts(articles: Sequence[int]) -> dict[int, str]:
    """The current text of each article that has been read."""
    read = Article.objects.filter(pk__in=articles, stage=Article.Stage.READ)
    newest = Q(article__current_number=None) & ~Exists(
        Revision.objects.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
    )
    current = Revision.objects.filter(Q(number=F("article__current_number")) | newest, article__in=read)
    return dict(current.values_list("article", "text"))


def _keys_in(text: str) -> set[int]:
    return {key for passage in passages(text) for key in passage.keys}


def _file_again(articles: Sequence[int]) -> None:
    PassageKey.objects.filter(article__in=articles).delete()
    texts = _current_texts(articles)
    rows = [PassageKey(key=key, article_id=pk) for pk, text in texts.items() for key in sorted(_keys_in(text))]
    PassageKey.objects.bulk_create(rows, batch_size=2000)


def _wordings(tell: Tell, repair: bool) -> Iterator[Finding]:
    """The index by which wordings find each other: made by this version, and of the wordings that are there."""
    if not index.is_current():
        what = "another version made it, or making it was broken off"
        if repair:
            for done in index.rebuild():
                tell(done, 0)
        yield Finding(INDEX, what, "Run manage.py reindex.", repair)
        return
    for suspects in index.misfiled(tell):
        yield from _misfiled(suspects, repair)
    wrong, first = 0, ""
    for some in index.batches(index.miscounted(), 1000):
        keys = index.recount([key for key, *_ in some], repair=repair)
        told = {key: f"key {key} is counted {kept} times and held {right} times" for key, kept, right in some}
        wrong, first = wrong + len(keys), first or next((told[key] for key in keys), "")
    if wrong:
        yield Finding(INDEX, f"{wrong:,} keys are counted wrongly; the first: {first}", RUN_REPAIR, repair)
    amiss = index.size_amiss(repair=repair)
    if amiss:
        yield Finding(INDEX, amiss, RUN_REPAIR, repair)


def _misfiled(suspects: Sequence[int], repair: bool) -> Iterator[Finding]:
    if not suspects:
        return
    with in_turn():
        found = index.amiss(suspects)
        if repair:
            index.mend(found)
    for pk, (missing, left_over) in found.items():
        what = f"in the index, {len(missing)} of its keys are missing and {len(left_over)} are left over"
        yield Finding(f"Wording {pk}", what, RUN_REPAIR, repair)


def _search(tell: Tell, repair: bool) -> Iterator[Finding]:
    """The database's own full-text index."""
    if full_text.is_sound():
        return
    if repair:
        full_text.rebuild()
    yield Finding("The full-text index", "it is not made of the entries for searching", RUN_REPAIR, repair)


CHECKS: dict[str, Check] = {
    "references": _references,
    "circles": _circles,
    "texts and spans": by_row(Revision.objects.all, _texts, size=100),
    "revisions": by_row(Article.objects.all, _versions, size=2000),
    "chains": by_row(Attribution.objects.all, _chains, size=2000),
    "decisions": by_row(Decision.objects.all, _journals, size=1000),
    "quotes": by_row(Quote.objects.all, _quotes, size=500, mend=summary.refresh),
    "index of wordings": _wordings,
    "sentences": by_row(Article.objects.all, _sentences, size=200, mend=_file_again),
    "full-text index": _search,
    "rules": _rules,
}
"""Name -> check, in the order they run: what others build on comes first."""

QUICK = ("references", "circles", "revisions")
