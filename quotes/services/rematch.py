"""Matches everything anew: after an upgrade of matching, or when much was read at once.

Four steps, each kept in a folder, so that a broken-off run goes on: the index is written out, pairs are found
(services.pairs), weighed (text.weighing), and applied in short transactions. What editors decided or placed stays; nothing
is taken apart. Two quotes become one under the rules of services.match; what is doubtful is asked about.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product, tee
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from django.db.models import F

from quotes.models import Match, Variant
from quotes.services import index, match, merge, pairs, propose
from quotes.services.pairs import Pair
from quotes.services.record import NotAllowed
from quotes.services.turns import in_turn
from quotes.text.keys import version
from quotes.text.match import Wording
from quotes.text.parallel import in_order
from quotes.text.weighing import Job, weigh

Engine = Literal["loop", "duckdb", "spark"]
SMALL = 5_000
"""Wordings up to which a loop is quicker than a plan."""

FEW = 2000
"""Comparisons for which starting processes does not pay."""

BATCH = 500
"""Rows applied in one transaction."""

Tell = Callable[[str, int, int], None]
"""Hears of progress: the step, how much is done, how much there is."""


class IndexNotCurrent(Exception):
    """The index of wordings was made by another version, or never finished."""


@dataclass
class State:
    """How far a run has come, in the folder's state.json."""

    stamp: str
    """What the pairs depend on: another version, or other wordings, begin anew."""

    weighed: int = 0
    """Pairs whose comparison stands in weighed.jsonl."""

    size: int = 0
    """Bytes of weighed.jsonl that belong to them; what follows was broken off."""


class Outcome(NamedTuple):
    """Pairs compared, quotes joined to another, questions that wait for an editor."""

    weighed: int
    linked: int
    proposed: int


def chosen(engine: str) -> Engine:
    """The engine asked for; for *auto* the loop or DuckDB, by the number of wordings. One query."""
    if engine == "auto":
        return "loop" if index.size() <= SMALL else "duckdb"
    return cast(Engine, engine)


def run(
    folder: Path, *, engine: Engine, tell: Tell, master: str = "", memory: str = "4GB", anew: bool = False
) -> Outcome:
    """All four steps. Raises IndexNotCurrent and SparkMissing. Stopped at any point, it goes on when run again."""
    find(folder, engine=engine, tell=tell, master=master, memory=memory, anew=anew)
    weighed = _weigh(folder, tell)
    found = Comparisons(folder)
    linked = _link(found, tell)
    proposed = _propose(found, tell)
    shutil.rmtree(folder)
    return Outcome(weighed, linked, proposed)


def find(folder: Path, *, engine: Engine, tell: Tell, master: str, memory: str, anew: bool) -> None:
    """The first two steps: leaves the pairs in the folder, unless they are there."""
    if not index.is_current():
        raise IndexNotCurrent
    newest = Variant.objects.order_by("pk").values_list("pk", flat=True).last()
    stamp = f"{version()} {index.size()} {newest} {engine} {pairs.plan()}"
    if anew or _load(folder).stamp != stamp:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _save(folder, State(stamp))
    if pairs.pairs_file(folder).exists():
        return
    if engine == "loop":
        pairs.write_counts(folder)
        pairs.keep(_told(pairs.by_loop(), tell), folder)
    else:
        if not pairs.told_file(folder).exists():
            pairs.export(folder, memory, lambda done: tell("keys written out", done, 0))
        tell("finding pairs", 0, 0)
        if engine == "spark":
            pairs.by_spark(folder, master, memory)
        else:
            pairs.by_duckdb(folder, memory)
    pairs.finish(folder, Match.objects.undecided().filter(is_suggestion=False).values_list("one", "other"))


def _told(found: Iterator[Pair], tell: Tell) -> Iterator[Pair]:
    for done, pair in enumerate(found, start=1):
        tell("finding pairs", done, 0)
        yield pair


def _load(folder: Path) -> State:
    try:
        return State(**json.loads((folder / "state.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return State("")


def _save(folder: Path, state: State) -> None:
    part = folder / "state.part"
    part.write_text(json.dumps(asdict(state)), encoding="utf-8")
    part.replace(folder / "state.json")


# --- weighing --------------------------------------------------------------------------------------


def _weigh(folder: Path, tell: Tell) -> int:
    """Compares the pairs, and keeps what is not plainly different, and what was asked before. Gives how many."""
    state, total = _load(folder), pairs.how_many(folder)
    path = folder / "weighed.jsonl"
    path.touch()
    os.truncate(path, state.size)
    batches, again = tee(pairs.stored(folder, skip=state.weighed))
    compare = partial(weigh, counts=pairs.counts_file(folder))
    found = in_order(compare, map(_jobs, batches), worthwhile=total - state.weighed > FEW)
    with path.open("ab") as out:
        for batch, (_, weighed) in zip(again, found, strict=True):
            for (one, other, asked), row in zip(batch, weighed, strict=True):
                if asked or row.tier != "different":
                    out.write(f"{json.dumps([one, other, *row])}\n".encode())
            out.flush()
            state.weighed, state.size = state.weighed + len(batch), out.tell()
            _save(folder, state)
            tell("comparing", state.weighed, total)
    return total


def _jobs(batch: Sequence[tuple[int, int, bool]]) -> list[Job]:
    """The wordings of pairs, with the days they were first reported. One query."""
    wanted = {pk for one, other, _ in batch for pk in (one, other)}
    rows = Variant.objects.filter(pk__in=wanted).as_said()
    said = {variant.pk: match.said(variant) for variant in rows}
    gone = Wording("")
    return [(said.get(one, gone), said.get(other, gone)) for one, other, _ in batch]


class Row(NamedTuple):
    """One comparison as weighed.jsonl keeps it."""

    one: int
    other: int
    probability: float
    tier: str
    is_short: bool
    reasons: list[str]
    alarms: list[str]


class Comparisons:
    """The comparisons of a finished step: read once in order, then one by one by where they stand."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "weighed.jsonl"

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        with self._path.open("rb") as lines:
            place = 0
            for line in lines:
                yield place, Row(*json.loads(line))
                place += len(line)

    def at(self, places: Iterable[int]) -> Iterator[Row]:
        with self._path.open("rb") as lines:
            for place in places:
                lines.seek(place)
                yield Row(*json.loads(lines.readline()))


# --- applying --------------------------------------------------------------------------------------


def _link(found: Comparisons, tell: Tell) -> int:
    """Joins the quotes that the rules allow a machine to join, the likeliest first. Gives how many."""
    likely = sorted((-row.probability, place) for place, row in found if row.tier == "same")
    linked = 0
    rows = found.at(place for _, place in likely)
    for done, row in enumerate(rows, start=1):
        with in_turn():
            linked += _join(row)
        tell("linking", done, len(likely))
    return linked


def _join(row: Row) -> bool:
    both = Variant.objects.comparable().select_related("quote").in_bulk([row.one, row.other])
    if len(both) < 2 or not match.may_join(both[row.one], both[row.other]):
        return False
    kept, gone = sorted((both[row.one].quote, both[row.other].quote), key=lambda quote: quote.pk)
    try:
        merge.join(kept, gone)
    except NotAllowed:  # two open flags of a kind, which an editor settles first
        return False
    values = {**_values(row), "outcome": Match.Outcome.LINKED, "is_suggestion": False}
    if not Match.objects.undecided().filter(one=row.one, other=row.other).update(**values):
        Match.objects.get_or_create(one_id=row.one, other_id=row.other, defaults=values)
    return True


def _values(row: Row) -> dict[str, Any]:
    return {"score": round(row.probability, 3), "reasons": row.reasons, "alarms": row.alarms}


def _propose(found: Comparisons, tell: Tell) -> int:
    """Asks about each two quotes once, in place of what was asked before. Gives how many questions wait."""
    quotes = _quotes_of({pk for _, row in found for pk in (row.one, row.other)})
    settled = _settled()
    best: dict[frozenset[int], tuple[bool, float, int]] = {}
    for place, row in found:
        two = frozenset(quotes[pk] for pk in (row.one, row.other) if pk in quotes)
        if row.tier == "different" or len(two) < 2 or two in settled or (row.is_short and not _is_told_alike(row)):
            continue
        best[two] = max(best.get(two, (False, -1.0, 0)), (bool(row.alarms), row.probability, place))
    kept = _few_of_each(best)
    asked: set[Pair] = set()
    for rows in index.batches(found.at(kept.values()), BATCH):
        with in_turn():
            _ask(rows)
        asked |= {(row.one, row.other) for row in rows}
        tell("proposing", len(asked), len(kept))
    _forget({(row.one, row.other) for _, row in found} - asked)
    _forget_suggestions(set(kept))
    return len(asked)


def _settled() -> set[frozenset[int]]:
    """The quotes about which an editor has answered, also by the same wordings in other quotes. Two queries."""
    answers = Match.objects.decided()
    settled = {frozenset(pair) for pair in answers.values_list("one__quote", "other__quote")}
    told = answers.keeping_apart().exclude(one__fingerprint=F("other__fingerprint"))
    marks = list(told.values_list("one__quote__speaker", "one__fingerprint", "other__fingerprint"))
    holders: dict[tuple[int, str], list[int]] = defaultdict(list)
    held = Variant.objects.comparable().filter(fingerprint__in={mark for _, *two in marks for mark in two})
    for speaker, mark, quote in held.values_list("quote__speaker", "fingerprint", "quote"):
        holders[speaker, mark].append(quote)
    for speaker, one, other in marks:
        settled |= {frozenset(two) for two in product(holders[speaker, one], holders[speaker, other])}
    return settled


def _ask(rows: Sequence[Row]) -> None:
    """New questions; known ones keep their address and get today's reasons. What was answered meanwhile stays."""
    answered = set(Match.objects.decided().filter(one__in=[row.one for row in rows]).values_list("one", "other"))
    Match.objects.bulk_create(
        [
            Match(one_id=row.one, other_id=row.other, **_values(row))
            for row in rows
            if (row.one, row.other) not in answered
        ],
        update_conflicts=True,
        unique_fields=["one", "other"],
        update_fields=["score", "reasons", "alarms", "is_suggestion", "outcome"],
    )


def _quotes_of(variants: Iterable[int]) -> dict[int, int]:
    """The quote each wording belongs to now, of those that are still reported."""
    found: dict[int, int] = {}
    for some in index.batches(variants, BATCH):
        found |= dict(Variant.objects.comparable().filter(pk__in=some).values_list("pk", "quote"))
    return found


def _is_told_alike(row: Row) -> bool:
    both = Variant.objects.in_bulk([row.one, row.other])
    return len(both) == 2 and match.is_told_alike(both[row.one].attributions.all(), both[row.other])


def _few_of_each(best: dict[frozenset[int], tuple[bool, float, int]]) -> dict[frozenset[int], int]:
    """Two quotes -> place of the row to ask about; no quote is in more than propose.BEST_KEPT, the most urgent."""
    asked: Counter[int] = Counter()
    kept: dict[frozenset[int], int] = {}
    for two, (_, _, place) in sorted(best.items(), key=lambda entry: (entry[1][:2], -entry[1][2]), reverse=True):
        if any(asked[quote] < propose.BEST_KEPT for quote in two):
            asked.update(two)
            kept[two] = place
    return dict(sorted(kept.items(), key=lambda entry: entry[1]))


def _forget(unasked: set[Pair]) -> None:
    """Takes back the machine's own questions that would not be asked today. What an editor undid stays as it was left."""
    open_questions = Match.objects.off_record().filter(outcome=Match.Outcome.PROPOSED, is_suggestion=False)
    rows = open_questions.values_list("pk", "one", "other").iterator()
    for some in index.batches([pk for pk, one, other in rows if (one, other) in unasked], BATCH):
        with in_turn():
            open_questions.filter(pk__in=some).delete()


def _forget_suggestions(kept: set[frozenset[int]]) -> None:
    """Takes back what was suggested of two quotes about which a better question is asked."""
    suggested = Match.objects.off_record().filter(outcome=Match.Outcome.PROPOSED, is_suggestion=True)
    rows = suggested.values_list("pk", "one__quote", "other__quote").iterator()
    for some in index.batches([pk for pk, *two in rows if frozenset(two) in kept], BATCH):
        with in_turn():
            suggested.filter(pk__in=some).delete()
