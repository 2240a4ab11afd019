"""The same report in an article's other versions: what an editor decided on it in one holds in all.

The same is told by equal words put down to the same source, and of several by their order. Where an editor gave other bounds,
or added what no machine reads, it is told by finding those words again.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from quotes.models import Attribution, Revision, Span
from quotes.services.journal import Journal, columns
from quotes.text.attribute import AttributionCandidate
from quotes.text.locate import NotFound, locate, pieces
from quotes.text.normalize import fingerprint, printed_wording
from quotes.text.spans import Span as TextSpan
from quotes.text.spans import anchor, common, length

SAME_WORDS = 0.8
"""The overlap of contents from which two readings of one text mean the same attribution."""

BY_HAND = "hand"
"""The extractor of what an editor added."""

CARRIED = ("status", "speaker", "form", "sourcing", "hedged", "variant", "is_placed")

Said = tuple[str, str]
"""The fingerprint of the words and the source as printed: two who say “no comment” are not taken for each other."""


def content_of(attribution: Attribution) -> list[TextSpan]:
    """Where its words stand. No query after a prefetch of its spans."""
    return [TextSpan(s.start, s.end) for s in attribution.spans.all() if s.role == Span.Role.CONTENT]


def key_of(source: Sequence[TextSpan], content: Sequence[TextSpan]) -> str:
    """A digest of where source and content stand: the same reading again gives the same key."""
    spans = [("s", *span) for span in source] + [("c", *span) for span in content]
    return hashlib.sha256(repr(spans).encode()).hexdigest()


def in_all_versions(attribution: Attribution) -> list[int]:
    """The numbers of the report itself and of the same one in other versions: of equal words, the one in the same place."""
    alike = Attribution.objects.filter(
        variant=attribution.variant_id, revision__article=attribution.revision.article_id
    ).order_by("start", "pk")
    versions: dict[int, list[int]] = defaultdict(list)
    for pk, revision in alike.values_list("pk", "revision"):
        versions[revision].append(pk)
    place = versions[attribution.revision_id].index(attribution.pk)
    return [reports[place] for reports in versions.values() if place < len(reports)]


def undecided_others(attribution: Attribution) -> list[Attribution]:
    """The same report in other versions, where nobody has decided on it. Two queries."""
    if attribution.variant_id is None:
        return []
    others = Attribution.objects.undecided().filter(pk__in=in_all_versions(attribution)).exclude(pk=attribution.pk)
    return list(others.select_related("variant"))


def carry(decided: Attribution, other: Attribution, journal: Journal) -> None:
    """Gives a report in another version what an editor decided: status, speaker, class, place and chain. About ten queries."""
    known = columns(other)
    for name in CARRIED:
        setattr(other, name, getattr(decided, name))
    other.version += 1
    other.save(update_fields=[*CARRIED, "version"])
    journal.differences(other, known)
    journal.remove(other.spans.filter(relay__isnull=False))
    journal.remove(other.relays.all())
    for relay in decided.relays.all():
        relay.pk, relay._state.adding, relay.attribution = None, True, other
        relay.save()
        journal.made(relay)


class Earlier:
    """What editors decided in the article's other versions. Three queries when they decided anything, else one."""

    def __init__(self, revision: Revision) -> None:
        self._revision = revision
        self._reports: dict[Said, list[Attribution]] = {}
        self._asked: Counter[Said] = Counter()
        self._found: set[int] = set()
        others = Attribution.objects.filter(revision__article=revision.article_id).exclude(revision=revision)
        if not others.decided().exists():
            return
        versions: dict[tuple[Said, int], list[Attribution]] = defaultdict(list)
        found = others.select_related("revision", "speaker", "variant__quote").prefetch_related("spans", "relays")
        for report in found.order_by("revision__number", "start", "pk"):
            wording = printed_wording(report.revision.text, content_of(report))
            versions[(fingerprint(wording), report.speaker_printed), report.revision.number].append(report)
        for (said, _), reports in versions.items():  # the newest version with a decision comes last
            if any(report.is_decided for report in reports):
                self._reports[said] = reports

    def decided(self, candidate: AttributionCandidate) -> Attribution | None:
        """The decided report of the same words and source; the second time it is asked for, the second of them."""
        if not self._reports:
            return None
        wording = printed_wording(self._revision.text, candidate.content)
        said = fingerprint(wording), candidate.speaker.description[:500]
        reports, place = self._reports.get(said, []), self._asked[said]
        self._asked[said] += 1
        if place < len(reports) and reports[place].is_decided:
            self._found.add(reports[place].pk)
            return reports[place]
        return None

    def corrected(self) -> Iterator[tuple[Attribution, tuple[TextSpan, ...]]]:
        """What editors corrected or added and no candidate was, with where its words stand now. To be asked after `decided`.

        What the new text does not print any more is left out.
        """
        for report in (report for reports in self._reports.values() for report in reports):
            if report.status == Attribution.Status.CORRECTED and report.pk not in self._found:
                words = pieces(report.revision.text, content_of(report))
                try:
                    yield report, locate(self._revision.text, words, report.start)
                except NotFound:
                    continue


def hold(revision: Revision, earlier: Earlier, fresh: list[Attribution]) -> list[Attribution]:
    """Puts what editors corrected or added in an earlier version in the place of what a machine reads there now.

    Gives the reports that were added, which no candidate is. About fifteen queries each.
    """
    added = []
    held = [content_of(row) for row in revision.attributions.decided().prefetch_related("spans")]
    for decided, content in earlier.corrected():
        if any(common(own, list(content)) >= SAME_WORDS * max(length(own), length(content)) for own in held):
            continue
        row = _read_there(content, fresh, among=min if decided.extractor != BY_HAND else max)
        if row is None:
            row = _made(revision, decided, content)
            if row is None:
                continue
            added.append(row)
        _respan(row, content)
        carry(decided, row, Journal())
        row.is_placed = True
        row.save(update_fields=["is_placed"])
    return added


def _read_there(
    content: Sequence[TextSpan], fresh: Iterable[Attribution], among: Callable[[int, int], int]
) -> Attribution | None:
    """The undecided reading of mostly the same words: of the shorter of the two, or of the longer."""
    for row in fresh:
        own = [TextSpan(s.start, s.end) for s in row.spans.filter(role=Span.Role.CONTENT)]
        if not row.is_decided and common(own, list(content)) >= SAME_WORDS * max(
            among(length(own), length(content)), 1
        ):
            return row
    return None


def _made(revision: Revision, decided: Attribution, content: Sequence[TextSpan]) -> Attribution | None:
    """A report of what no machine reads here; None when it is there already."""
    values = {
        "form": decided.form,
        "sourcing": decided.sourcing,
        "start": content[0].start,
        "extractor": BY_HAND,
        "confidence": 1,
        "speaker_printed": decided.speaker_printed,
    }
    row, is_new = Attribution.objects.get_or_create(revision=revision, span_key=key_of((), content), defaults=values)
    return row if is_new else None


def _respan(row: Attribution, content: Sequence[TextSpan]) -> None:
    row.spans.filter(role=Span.Role.CONTENT).delete()
    for span in content:
        Span.objects.create(attribution=row, role="content", **anchor(row.revision.text, span)._asdict())
    row.start = content[0].start
    row.save(update_fields=["start"])
