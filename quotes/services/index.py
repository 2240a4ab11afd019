"""Finds the wordings that may be the same quote: by their rarest shared keys, at a cost that does not grow with N.

A query looks up how frequent its keys are, takes the rarest until their postings fill a budget, and adds up what
each wording shares. The tables are quotes.models.key; the same through the ORM on SQLite and PostgreSQL.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import NamedTuple, TypeVar

from django.db import connection
from django.db.models import Count, F, QuerySet

from quotes.models import Key, KeyFrequency, KeyIndex, Variant
from quotes.services.turns import in_turn
from quotes.text.frequencies import Frequencies, background
from quotes.text.keys import keys, keys_of_all, version
from quotes.text.parallel import in_order

BUDGET = 1000
"""Postings one query may read: what bounds its time."""

MOST_ASKED = 32
"""Keys one query may ask for; a long quote needs several to find a stored fragment of itself."""

MOST_PROBED = 4
"""Further keys by which wordings are told apart that share all that was asked."""

MOST_AT_ONCE = 5000
BATCH = 2000
MANY = 20_000
"""Wordings from which it pays to make keys in processes of their own."""

Row = TypeVar("Row")


class Candidate(NamedTuple):
    variant: int
    weight: float
    """The summed weight of the shared keys that were asked for."""


class Near(NamedTuple):
    """The candidates for one wording, best first, and what its words weigh here."""

    candidates: list[Candidate]
    frequencies: Frequencies


def near(wording: str, *, most: int = 100) -> Near:
    """The wordings that share most with this one. Three queries; at most BUDGET rows, or those of one key.

    A fourth where a usual phrase leaves more than `most` alike: further keys tell them apart.
    """
    wanted = keys(wording)
    if not wanted:
        return Near([], background())
    counts = dict(KeyFrequency.objects.filter(key__in=wanted).values_list("key", "count"))
    asked = _rarest(counts)
    known = background().plus(counts, size())
    weights = {key: known.weight(key) for key in asked}
    found: dict[int, float] = defaultdict(float)
    for key, variant in Key.objects.filter(key__in=asked).values_list("key", "variant_id"):
        found[variant] += weights[key]
    if len(found) > most and len(set(found.values())) == 1:
        _tell_apart(found, _next_rarest(counts, asked), known)
    best = heapq.nlargest(most, found.items(), key=lambda entry: (entry[1], -entry[0]))
    return Near([Candidate(variant, weight) for variant, weight in best], known)


def _rarest(counts: dict[int, int]) -> list[int]:
    """The rarest keys whose postings together fit the budget; always one."""
    asked: list[int] = []
    left = BUDGET
    for key, count in sorted(counts.items(), key=lambda entry: (entry[1], entry[0]))[:MOST_ASKED]:
        if asked and count > left:
            break
        asked.append(key)
        left -= count
    return asked


def _next_rarest(counts: dict[int, int], asked: Collection[int]) -> list[int]:
    left = sorted((count, key) for key, count in counts.items() if key not in asked)
    return [key for _, key in left[:MOST_PROBED]]


def _tell_apart(found: dict[int, float], further: Sequence[int], known: Frequencies) -> None:
    """Adds what wordings share of `further` keys. A look-up for each wording and key."""
    for some in batches(sorted(found), MOST_AT_ONCE):
        rows = Key.objects.filter(key__in=further, variant__in=some).values_list("key", "variant_id")
        for key, variant in rows:
            found[variant] += known.weight(key)


def size() -> int:
    """Wordings in the index. One query."""
    return KeyIndex.objects.values_list("wordings", flat=True).first() or 0


# --- keeping it ------------------------------------------------------------------------------------


def add(*variants: Variant) -> None:
    """Enters new wordings. Four queries for all of them. Nothing for one that is in already.

    Keys are counted in the order of their numbers: of two who enter wordings at once, one waits for the other, never both.
    """
    found = {variant.pk: keys(variant.wording) for variant in variants}
    firsts = {own[0] for own in found.values() if own}  # a key with each wording: there is no index on wordings alone
    known = set(Key.objects.filter(key__in=firsts, variant_id__in=found).values_list("variant_id", flat=True))
    new = {pk: own for pk, own in found.items() if own and pk not in known}
    if not new:
        return
    Key.objects.bulk_create(
        [Key(key=key, variant_id=pk) for pk, own in new.items() for key in own], ignore_conflicts=True
    )
    counts = Counter(key for own in new.values() for key in own)
    for some in batches(sorted(counts.items()), MOST_AT_ONCE):
        _count(some)
    _grow(len(new))


def _count(counts: Sequence[tuple[int, int]]) -> None:
    """Adds to how often keys are held; makes those that nobody held."""
    name = connection.ops.quote_name(KeyFrequency._meta.db_table)
    rows = ", ".join(["(%s, %s)"] * len(counts))
    sql = f"INSERT INTO {name} (key, count) VALUES {rows} ON CONFLICT (key) DO UPDATE SET count = {name}.count + excluded.count"  # nosec B608  # a table of our own; numbers are bound
    with connection.cursor() as cursor:
        cursor.execute(sql, [number for pair in counts for number in pair])


def remove(variant: Variant) -> None:
    """Takes a wording out. Three queries."""
    found = keys(variant.wording)
    gone, _ = Key.objects.filter(key__in=found, variant_id=variant.pk).delete()
    if gone:
        KeyFrequency.objects.filter(key__in=found, count__gt=0).update(count=F("count") - 1)
        _grow(-1)


def _grow(by: int) -> None:
    state = KeyIndex.objects.filter(pk=1, wordings__gte=-by)
    if state.update(wordings=F("wordings") + by) or by < 0:
        return
    _, is_first = KeyIndex.objects.get_or_create(pk=1, defaults={"version": version(), "wordings": by})
    if not is_first:  # somebody else's was, in the same moment
        state.update(wordings=F("wordings") + by)


def is_current() -> bool:
    """False when another version made the index, a rebuilding was broken off, or there is none yet. Two queries."""
    state = KeyIndex.objects.filter(pk=1).first()
    if state is None:
        return not Variant.objects.exists()
    return state.version == version() and state.done_to is None


def rebuild(*, anew: bool = False) -> Iterator[int]:
    """Makes the index again, batch by batch, each in a transaction of its own; gives the number done so far.

    Goes on where a rebuilding of the same version was broken off, unless told to begin `anew`.
    """
    state, _ = KeyIndex.objects.get_or_create(pk=1, defaults={"version": version(), "done_to": 0})
    if anew or state.version != version() or state.done_to is None:
        Key.objects.all().delete()
        state.version, state.done_to = version(), 0
        state.save()
    done = Variant.objects.filter(pk__lte=state.done_to or 0).count()
    yield done
    worthwhile = Variant.objects.count() - done > MANY
    for batch, found in in_order(keys_of_all, _wordings_after(state.done_to or 0, BATCH), worthwhile=worthwhile):
        _enter(batch, found, state)
        done += len(batch)
        yield done
    _count_again(state)


def _wordings_after(number: int, size: int) -> Iterator[list[tuple[int, str]]]:
    """The wordings with higher numbers, a query for each batch: one cursor left open over all of it would keep SQLite
    from ever emptying its log."""
    rows = Variant.objects.order_by("pk").values_list("pk", "wording")
    while batch := list(rows.filter(pk__gt=number)[:size]):
        number = batch[-1][0]
        yield batch


def batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows in lists of `size`; the last may be shorter."""
    rest = iter(rows)
    while batch := list(islice(rest, size)):
        yield batch


def _enter(batch: Sequence[tuple[int, str]], found: Sequence[tuple[int, ...]], state: KeyIndex) -> None:
    rows = [Key(key=key, variant_id=pk) for (pk, _), own in zip(batch, found, strict=True) for key in own]
    with in_turn():
        Key.objects.bulk_create(rows, ignore_conflicts=True, batch_size=10_000)
        state.done_to = batch[-1][0]
        state.save(update_fields=["done_to"])


def _count_again(state: KeyIndex) -> None:
    """Counts the keys anew in one pass over the index, and marks it complete."""
    counted = Key.objects.order_by("key").values_list("key").annotate(count=Count("variant_id"))
    with in_turn():
        KeyFrequency.objects.all().delete()
        for rows in batches(counted.iterator(chunk_size=BATCH), 10_000):
            KeyFrequency.objects.bulk_create([KeyFrequency(key=key, count=count) for key, count in rows])
        state.wordings, state.done_to = Variant.objects.count(), None
        state.save()


# --- looking it through ----------------------------------------------------------------------------

LOOKED_THROUGH = 10_000
"""Wordings whose keys are held at once; the whole index is read once for each so many."""


class Amiss(NamedTuple):
    """What is wrong with the keys of one wording."""

    missing: set[int]
    left_over: set[int]


def misfiled(tell: Callable[[int, int], None]) -> Iterator[list[int]]:
    """The wordings whose keys in the index are not their own, in lists; those that are gone and have left some, too."""
    total, low, done = Variant.objects.count(), 0, 0
    wordings = _wordings_after(0, LOOKED_THROUGH)
    for batch, found in in_order(keys_of_all, wordings, worthwhile=total > MANY):
        right = {pk: set(own) for (pk, _), own in zip(batch, found, strict=True)}
        kept = _keys_of(Key.objects.filter(variant__gt=low, variant__lte=batch[-1][0]))
        yield sorted(pk for pk in right.keys() | kept.keys() if right.get(pk, set()) != kept.get(pk, set()))
        low, done = batch[-1][0], done + len(batch)
        tell(done, total)
    beyond = Key.objects.filter(variant__gt=low).order_by("variant").values_list("variant", flat=True).distinct()
    yield from batches(beyond, LOOKED_THROUGH)


def _keys_of(rows: QuerySet[Key]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for key, variant in rows.values_list("key", "variant_id").iterator(chunk_size=10_000):
        found[variant].add(key)
    return found


def amiss(wordings: Collection[int]) -> dict[int, Amiss]:
    """What is wrong with the keys of these wordings. Two queries, of which one reads the whole index."""
    right = {
        pk: set(keys(wording)) for pk, wording in Variant.objects.filter(pk__in=wordings).values_list("pk", "wording")
    }
    kept = _keys_of(Key.objects.filter(variant__in=wordings))
    found = {
        pk: Amiss(right.get(pk, set()) - kept.get(pk, set()), kept.get(pk, set()) - right.get(pk, set()))
        for pk in wordings
    }
    return {pk: wrong for pk, wrong in found.items() if any(wrong)}


def mend(wrong: Mapping[int, Amiss]) -> None:
    """Puts in the keys that are missing and takes out those left over; `recount` counts them. A query a wording and one."""
    rows = [Key(key=key, variant_id=pk) for pk, one in wrong.items() for key in sorted(one.missing)]
    Key.objects.bulk_create(rows, ignore_conflicts=True, batch_size=10_000)
    for pk, one in wrong.items():
        Key.objects.filter(variant=pk, key__in=one.left_over).delete()


def miscounted() -> Iterator[tuple[int, int, int]]:
    """(key, how often it is said to be held, how often it is) of each that is wrong. Two queries side by side."""
    held = Key.objects.order_by("key").values_list("key").annotate(count=Count("variant_id"))
    said = KeyFrequency.objects.order_by("key").values_list("key", "count")
    both = heapq.merge(
        ((key, 0, count) for key, count in held.iterator(chunk_size=BATCH)),
        ((key, count, 0) for key, count in said.iterator(chunk_size=BATCH)),
    )
    for key, rows in groupby(both, key=lambda row: row[0]):
        counts = list(rows)
        kept, right = sum(row[1] for row in counts), sum(row[2] for row in counts)
        if kept != right:
            yield key, kept, right


def recount(some: Collection[int], *, repair: bool) -> list[int]:
    """Those of these keys that are counted wrongly also while nobody writes; counted again on demand. Two queries and one."""
    with in_turn():
        held = dict(Key.objects.filter(key__in=some).values_list("key").annotate(count=Count("variant_id")))
        said = dict(KeyFrequency.objects.filter(key__in=some).values_list("key", "count"))
        wrong = [key for key in some if held.get(key, 0) != said.get(key, 0)]
        if repair:
            KeyFrequency.objects.filter(key__in=wrong).delete()
            KeyFrequency.objects.bulk_create(KeyFrequency(key=key, count=held[key]) for key in wrong if key in held)
    return wrong


def size_amiss(*, repair: bool) -> str:
    """What is wrong with the number of wordings kept, in words; empty when nothing is. Wordings without a key may be counted
    or not. Three queries, one over the whole index."""
    with in_turn():
        most, least = Variant.objects.count(), Key.objects.values("variant_id").distinct().count()
        kept = size()
        if least <= kept <= most:
            return ""
        if repair:
            KeyIndex.objects.update(wordings=least)
    return f"it is said to hold {kept:,} wordings, but holds {least:,}"
