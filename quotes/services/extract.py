"""Revisions -> attributions, spans and relays. Reading again changes nothing an editor decided."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date

from django.db.models import Q

from quotes.models import Article, Attribution, Quote, Relay, Revision, Span, Variant
from quotes.services import copies, events, index, match, propose, reopening, summary
from quotes.services.journal import Journal
from quotes.services.resolve import Resolver, terms_on
from quotes.services.turns import beside_others, in_turn, wait_for
from quotes.services.versions import SAME_WORDS, Earlier, carry, content_of, hold, key_of
from quotes.text.attribute import AttributionCandidate, extractor, read
from quotes.text.namesakes import Story
from quotes.text.normalize import printed_wording
from quotes.text.relay import RelayCandidate
from quotes.text.spans import Span as TextSpan
from quotes.text.spans import anchor, common, length, words_of


def read_revision(revision: Revision) -> list[Attribution]:
    """Reads a revision and stores what it finds, and whom it copies. Reading comes first, then short transactions.

    About eight queries for each attribution that is new; none for one that is unchanged. Returns those
    that are new. Raises nothing for any text.
    """
    article = revision.article
    day = article.published.astimezone(UTC).date() if article.published else None
    outlet = article.outlet.name if article.outlet else ""
    candidates = [c for c in read(revision.text, published=day, outlet=outlet, terms=terms_on(day)) if c.is_quotable]
    was_new = article.stage == Article.Stage.NEW
    with _turn(revision, candidates):
        fresh = _store(revision, candidates)
    if article.current_number in (None, revision.number):
        copies.note(revision, anew=was_new)
    same = Article.objects.filter(Q(current_number=None) | Q(current_number=article.current_number), pk=article.pk)
    same.update(stage=Article.Stage.READ)  # last, and not when another version came in meanwhile
    return fresh


MOST_NAMES = 200
"""Names in one text up to which others are read beside it: PostgreSQL has room for some thousand locks in all."""


def _turn(revision: Revision, candidates: Sequence[AttributionCandidate]) -> AbstractContextManager[None]:
    """Beside those who read other texts, but for names that may mean one person: by the last word of a name, as surnames do.

    In turn when something of the article was read before, since what is read anew takes its old quotes apart. One query at most.
    """
    parties = [party for c in candidates for party in (c.speaker, *(step.party for step in c.relays))]
    words = {(party.name or "").casefold().split()[-1:][0] for party in parties if (party.name or "").strip()}
    is_first = revision.number == 1 and revision.article.stage == Article.Stage.NEW and len(words) <= MOST_NAMES
    if not is_first or Attribution.objects.filter(revision__article=revision.article_id).exists():
        return in_turn()
    return beside_others(f"revision {revision.pk}", *(f"name {word}" for word in words))


def _store(revision: Revision, candidates: Sequence[AttributionCandidate]) -> list[Attribution]:
    known = {
        attribution.span_key: attribution for attribution in revision.attributions.select_related("variant__quote")
    }
    decided = list(revision.attributions.decided().prefetch_related("spans"))
    earlier = Earlier(revision)
    resolver = Resolver(_story(revision))
    fresh: list[Attribution] = []
    found: set[str] = set()
    touched: set[int | None] = set()
    for candidate in candidates:
        key = span_key(candidate)
        if key in found:  # another cue for the same words of the same source
            continue
        found.add(key)
        decided_before = earlier.decided(candidate)
        attribution = known.get(key)
        if attribution is not None and (attribution.is_decided or _is_unchanged(attribution, candidate)):
            continue
        if attribution is None and any(_is_read_anew(candidate, report) for report in decided):
            continue
        if attribution is not None:
            if not _claim(attribution):
                continue
            touched.add(attribution.variant.quote_id if attribution.variant else None)
        attribution = _write(revision, candidate, key, attribution, resolver)
        if decided_before is not None:
            carry(decided_before, attribution, Journal())
        fresh.append(attribution)
    fresh += hold(revision, earlier, fresh)
    touched |= _drop_lost(revision, found)
    if revision.article.stage == Article.Stage.NEW:  # its outlet or date may be new, which its quotes count by
        reports = Attribution.objects.filter(revision__article=revision.article)
        touched |= set(reports.values_list("variant__quote", flat=True))
    said_by = Quote.objects.filter(pk__in=touched - {None}, speaker__isnull=False).values_list("speaker", flat=True)
    wait_for({a.speaker_id for a in fresh if a.speaker_id} | resolver.learned | set(said_by))
    touched |= set(Quote.objects.filter(speaker__in=resolver.learned).values_list("pk", flat=True))
    wordings = _place(revision, fresh, candidates)
    is_news = revision.article.stage == Article.Stage.NEW and not known  # this version is read for the first time
    if is_news:
        events.note_reports(revision.article, fresh)
    if revision.number > 1 and revision.article.stage == Article.Stage.NEW:
        touched |= reopening.of_changed_text(revision)
    summary.refresh(touched | {a.variant.quote_id for a in fresh if a.variant})
    index.add(*wordings)  # late, since others wait for what it counts until this is written
    propose.propose(fresh, day_of(revision.article))
    if is_news:
        events.note_altered(revision.article, fresh)
    return fresh


def _story(revision: Revision) -> Story:
    outlet = revision.article.outlet
    return Story(revision.text, outlet.name, outlet.country) if outlet else Story(revision.text)


def day_of(article: Article) -> date:
    """The day an article counts for, in UTC: when it was published, else when it was added."""
    return (article.published or article.added_at).astimezone(UTC).date()


def span_key(candidate: AttributionCandidate) -> str:
    return key_of(candidate.source, candidate.content)


def reading_of(candidate: AttributionCandidate) -> str:
    """A digest of everything a candidate says: equal when a new reading found nothing new."""
    return hashlib.sha256(repr(candidate).encode("utf-8", "surrogatepass")).hexdigest()


def _is_unchanged(attribution: Attribution, candidate: AttributionCandidate) -> bool:
    return attribution.extractor == extractor() and attribution.reading == reading_of(candidate)


def _claim(attribution: Attribution) -> bool:
    """Counts the version up, so that an editor looking at the row notices; False when one decided it meanwhile."""
    unchanged = Attribution.objects.undecided().filter(pk=attribution.pk, version=attribution.version)
    attribution.version += 1
    return bool(unchanged.update(version=attribution.version))


def _is_read_anew(candidate: AttributionCandidate, decided: Attribution) -> bool:
    """The same statement in other bounds: mostly the same words, or some of them put down to the same source."""
    content = content_of(decided)
    shared = common(candidate.content, content)
    longer, shorter = sorted((length(candidate.content), length(content)), reverse=True)
    same_source = candidate.speaker.description[:500] == decided.speaker_printed
    return shared >= SAME_WORDS * max(longer, 1) or (same_source and shared >= SAME_WORDS * max(shorter, 1))


def _write(
    revision: Revision,
    candidate: AttributionCandidate,
    key: str,
    attribution: Attribution | None,
    resolver: Resolver,
) -> Attribution:
    """Writes one attribution with its relays and spans, in place of an undecided older reading."""
    attribution = attribution or Attribution(revision=revision, span_key=key)
    resolved = resolver.resolve(candidate.speaker)
    attribution.speaker = resolved.speaker
    attribution.speaker_printed = candidate.speaker.description[:500]
    attribution.speaker_role = candidate.speaker.role[:300]
    attribution.candidates = [[name, odds] for name, odds in resolved.candidates or candidate.speaker.candidates]
    attribution.form = candidate.form
    attribution.confidence = candidate.confidence
    attribution.hedged = candidate.hedged
    attribution.venue = candidate.venue[:200]
    attribution.sourcing = candidate.sourcing
    attribution.start = candidate.content[0].start
    attribution.extractor = extractor()
    attribution.reading = reading_of(candidate)
    if attribution.pk is not None:
        attribution.spans.all().delete()
        attribution.relays.all().delete()
    attribution.save()
    spans = [
        *_spans(attribution, "source", candidate.source),
        *_spans(attribution, "cue", candidate.cue),
        *_spans(attribution, "content", candidate.content),
    ]
    for position, step in enumerate(candidate.relays, start=1):
        relay = _write_relay(attribution, position, step, resolver)
        spans += _spans(attribution, "relay", step.mention, relay)
        spans += _spans(attribution, "relay_cue", step.cue, relay)
    Span.objects.bulk_create(spans)
    return attribution


def _spans(attribution: Attribution, role: str, spans: Sequence[TextSpan], relay: Relay | None = None) -> list[Span]:
    text = attribution.revision.text
    anchors = (anchor(text, span) for span in spans)
    return [Span(attribution=attribution, relay=relay, role=role, **a._asdict()) for a in anchors]


def _write_relay(attribution: Attribution, position: int, step: RelayCandidate, resolver: Resolver) -> Relay:
    intermediary = resolver.resolve(step.party).speaker
    return Relay.objects.create(
        attribution=attribution,
        position=position,
        intermediary=intermediary,
        description="" if intermediary else step.party.description[:500],
        kind=step.party.kind,
        role=step.party.role[:300],
        interest=step.interest[:300],
        cue=words_of(attribution.revision.text, step.cue)[:300],
        inferred=step.inferred,
    )


def _drop_lost(revision: Revision, found: set[str]) -> set[int | None]:
    """Deletes what the newest reading no longer finds, decided ones excepted; the quotes they were in."""
    lost = revision.attributions.undecided().exclude(span_key__in=found)
    quotes: set[int | None] = set(lost.values_list("variant__quote", flat=True))
    lost.delete()
    return quotes


def _place(
    revision: Revision, fresh: Sequence[Attribution], candidates: Sequence[AttributionCandidate]
) -> list[Variant]:
    """Gives the attributions their quotes; the wordings that are new."""
    day = day_of(revision.article)
    contents = {span_key(candidate): candidate.content for candidate in candidates}
    return [
        wording
        for attribution in fresh
        if attribution.span_key in contents
        for wording in match.place(attribution, printed_wording(revision.text, contents[attribution.span_key]), day)
    ]
