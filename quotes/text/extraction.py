"""Who said what, as spans: the trained tagger's reading, with what stands inside it read by the rules.

The tagger gives the outermost relations. Relations within their contents (*X said Y had promised Z*), and within
quotation marks (*“He told me ‘no’,” X said*), come from the rules. Without a model the rules give all of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quotes.text import confidence, rules
from quotes.text.contents import NEIGHBOURS
from quotes.text.cues import verb_in
from quotes.text.decoding import Relation
from quotes.text.pieces import Pieces, pieces
from quotes.text.quotation import Quotation, quotations
from quotes.text.rules import Triple
from quotes.text.spans import Span, trim
from quotes.text.tagger import Tagger, tagger

REPORTERS_LINK = re.compile(r"(?:This|It|That) (?:comes|came) (?:as|after|amid)\s?")
HEARER_AND_COLON = re.compile(r"(?:him|her|them|me|us|it)?\s?:\s")
CIRCUMSTANCE = re.compile(r",?\s(?:\w+ly|twice|again)\b", re.I)
"""What follows a whole quotation and tells how or when it was said."""

LONGEST_REREAD = 1200
"""Characters of a content that is read again for what stands in it."""

SLACK = 0.1
"""The share of a quotation by which a content may miss its end and still be taken to mean all of it."""

AGREED = 0.9
"""The share of a quotation that tagger and rules must both give to its cue to agree on it."""

NOT_ANYBODY = re.compile(
    r"(?:nobody|no one|none(?! other)|no(?!\.? ?\d)|neither|nor|not one|not a|anybody|anyone)\b", re.I
)
"""Sources of what was not said."""
NEITHER = re.compile(r"\b(?:neither|nor)\s$", re.I)

FEWEST_WORDS = 5
"""Words a quotation needs before another statement is looked for inside it."""


def triples(text: str) -> list[Triple]:
    """All relations of a text, nested ones marked `inner`, in the order of their cues. Linear in the text."""
    marked = quotations(text)
    ruled = rules.triples(text, marked)
    model = tagger()
    if model is None:
        found = ruled
    else:
        outer = _both(tagged(text, marked, ruled, model), ruled)
        again: dict[Span, list[Triple]] = {}
        found = _nested(outer, [_reread(text, triple, outer, model, again) for triple in ruled])
    inside = [triple for quotation in marked for triple in _inside(text, quotation)]
    return rules.marked_inner(sorted([*_nested(found, inside)], key=lambda triple: triple.cue[0]))


def tagged(text: str, marked: list[Quotation], ruled: Sequence[Triple], model: Tagger) -> list[Triple]:
    """The tagger's relations, without those that are more likely wrong than useful.

    A content without a cue is nobody's, and is left out.
    """
    cut = pieces(text, model.tokenizer, marked)
    outermost = sorted((triple for triple in ruled if not triple.inner), key=lambda triple: triple.cue[0])
    found = [_triple(text, marked, cut, relation, outermost, model) for relation in model.relations(cut)]
    kept = [triple for triple in found if triple is not None]
    return sorted(_in_own_paragraph(text, kept, outermost), key=lambda triple: triple.cue[0])


def _in_own_paragraph(text: str, found: Sequence[Triple], ruled: Sequence[Triple]) -> Iterator[Triple]:
    """A content linked to a cue of another paragraph goes to the cue that the rules find in its own."""
    for triple in found:
        away = [span for span in triple.content if "\n" in text[min(span.end, triple.cue[0].end) : triple.cue[0].start]]
        nearer = {span: other for span in away for other in ruled if other.source and other.content == (span,)}
        rest = tuple(span for span in triple.content if span not in nearer)
        if rest:
            yield from nearer.values()
            yield replace(triple, content=rest)
        else:
            yield triple


def _triple(
    text: str, marked: Sequence[Quotation], cut: Pieces, relation: Relation, ruled: Sequence[Triple], model: Tagger
) -> Triple | None:
    """A relation as spans; None when it is more likely wrong than useful."""
    if relation.cue is None:
        return None
    marks_too = relation.cue.span(cut)
    bare = trim(text, marks_too, " \xa0:,")
    cue = bare if bare.of(text) else marks_too
    source: tuple[Span, ...] = (_without_that(text, relation.source.span(cut)),) if relation.source else ()
    parts = [_without_link(text, trim(text, content.span(cut))) for content in relation.contents]
    contents = [_squared(text, part, marked) for part in parts if any(c.isalnum() for c in part.of(text))]
    if not contents:
        return None
    evidence = confidence.evidence(text, cut, relation, ruled)
    twin = confidence.same_cue(ruled, cue)
    if not source and twin and twin.source and len(contents) > 1 and twin.source[0] in contents:
        source = twin.source  # Lee | reportedly said | …: the source read as a piece of the content
        contents.remove(twin.source[0])
        evidence |= {"no source": 0.0, "rules agree on source": 1.0, "rules agree on content": 1.0}
    if twin and twin.source and source and _is_cut_name(text, source[0], twin.source[0]):
        source = twin.source
    agreed = bool(twin and evidence["direct"] and evidence["rules agree on content"] >= AGREED)
    if agreed and twin and twin.source and not source:  # the tagger is often at a loss in texts of one line
        source = twin.source
        evidence |= {"no source": 0.0, "rules agree on source": 1.0}
    sure = confidence.probability(model.weights, evidence)
    if (sure < model.least and not agreed) or _is_nobody(text, source):
        return None
    return Triple(source, (cue,), _joined(text, contents), verb_in(cue.of(text)), sure)


def _is_cut_name(text: str, source: Span, whole: Span) -> bool:
    """*Chief | Minister Ann Lee*: a source that ends within a run of capitalised words."""
    return whole.start <= source.start and source.end < whole.end and _goes_on(text, source.end)


def _goes_on(text: str, end: int) -> bool:
    return text[end : end + 1] in {" ", "\xa0"} and text[end + 1 : end + 2].isupper()


def _is_nobody(text: str, source: Sequence[Span]) -> bool:
    """*No official said so*, *neither Roe nor Lee said so*: nothing was said."""
    return any(
        NOT_ANYBODY.match(text, span.start, span.end)
        or NEITHER.search(text, max(0, span.start - 9), span.start)
        or " nor " in span.of(text)
        for span in source
    )


def _without_link(text: str, content: Span) -> Span:
    """*This comes as | Russia shot down drones*: the reporter's words before what was said."""
    link = REPORTERS_LINK.match(text, content.start, content.end)
    return Span(link.end(), content.end) if link else content


def _without_that(text: str, source: Span) -> Span:
    """*told them | THAT her neighbour | had shouted*"""
    return Span(source.start + 5, source.end) if text.startswith("that ", source.start, source.end) else source


def _joined(text: str, contents: Sequence[Span]) -> tuple[Span, ...]:
    """Contents with nothing but space between them made one."""
    joined = [contents[0]]
    for span in contents[1:]:
        between = text[joined[-1].end : span.start]
        if not between.strip() and "\n" not in between:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)


def _squared(text: str, content: Span, marked: Sequence[Quotation]) -> Span:
    """A content brought in line with the quotation marks it touches."""
    at = bisect_right(marked, content.end, key=lambda quotation: quotation.outer.start)
    touched = [q for q in marked[max(0, at - NEIGHBOURS) : at] if q.outer.overlaps(content)]
    if not touched:
        return content
    start, end = content
    first, last = touched[0], touched[-1]
    if HEARER_AND_COLON.fullmatch(text, start, max(start, first.outer.start)):
        start = first.outer.start  # warned | her: “You cannot …”
    if first is last and start <= first.inner.start and CIRCUMSTANCE.match(text, first.outer.end, end):
        return Span(first.outer.start, first.outer.end)  # “You tell me,” he said | repeatedly
    if first.outer.start < start and start - first.inner.start <= SLACK * (first.inner.end - first.inner.start):
        start = first.outer.start
    if last.closed and end < last.outer.end and last.inner.end - end <= SLACK * (last.inner.end - last.inner.start):
        end = last.outer.end
    return Span(start, end)


def _both(found: Sequence[Triple], ruled: Sequence[Triple]) -> list[Triple]:
    """The tagger's relations, but the rules' where those know better.

    The tagger marks one layer; where a sentence has two (*X said …, according to Y*) it mixes them up. So the
    rules' reading of such a sentence replaces whatever the tagger made of the same words.
    """
    better = [
        triple
        for number, triple in enumerate(ruled)
        if not triple.inner and (triple.hands_on or triple.verb is None or _is_layered(triple, ruled, number, found))
    ]
    extents = sorted(triple.extent for triple in better)
    return [*better, *(triple for triple in found if not _met(triple.extent, extents))]


def _is_layered(outer: Triple, ruled: Sequence[Triple], number: int, found: Sequence[Triple]) -> bool:
    """True when a statement is wrapped in a way that the tagger did not see."""
    if outer.verb is None or not outer.verb.is_speech:
        return False
    if outer.quoted_as_saying:
        return True
    around = ruled[max(0, number - NEIGHBOURS) : number + NEIGHBOURS + 1]
    for inner in around:
        if inner.inner and inner.is_statement and any(span.covers(inner.cue[0]) for span in outer.content):
            tag = outer.cue[0].start > outer.content[-1].start and not _holds_cue(found, inner)
            if tag or inner.quoted_as_saying or _is_cut_off(found, inner):
                return True
    return False


def _holds_cue(found: Sequence[Triple], inner: Triple) -> bool:
    return any(span.covers(inner.cue[0]) for triple in _near(found, inner) for span in triple.content)


def _is_cut_off(found: Sequence[Triple], inner: Triple) -> bool:
    """*Roe noted | Ann Lee | said*: a content that is nothing but the source of the next cue."""
    return any(
        span.overlaps(inner.source[0]) and inner.source[0].covers(span)
        for triple in _near(found, inner)
        for span in triple.content
    )


def _near(found: Sequence[Triple], inner: Triple) -> Sequence[Triple]:
    at = bisect_right(found, inner.cue[0], key=lambda triple: triple.cue[0])
    return found[max(0, at - NEIGHBOURS) : at + NEIGHBOURS]


def _reread(
    text: str, inner: Triple, outer: Sequence[Triple], model: Tagger, known: dict[Span, list[Triple]]
) -> Triple:
    """A statement within a content, read again by the tagger as if the content were a text of its own.

    `known` keeps what was read again, so that no content is read twice.
    """
    if not inner.inner or not inner.is_statement or inner.quoted_as_saying:
        return inner
    around = min(
        (s for t in _near(outer, inner) for s in t.content if s.covers(inner.cue[0]) and s.covers(inner.source[0])),
        key=lambda span: span.end - span.start,
        default=None,
    )
    if around is None or around.end - around.start > LONGEST_REREAD:
        return inner
    if around not in known:
        words = around.of(text)
        known[around] = tagged(words, quotations(words), rules.triples(words), model)
    for again in known[around]:
        cue = _moved(again.cue, around.start)
        if cue[0].overlaps(inner.cue[0]) and again.source:
            return replace(inner, source=_moved(again.source, around.start))
    return inner


def _nested(outer: Sequence[Triple], others: Sequence[Triple]) -> list[Triple]:
    """The outer relations, and those of the others that lie within their contents."""
    contents = sorted(span for triple in outer for span in triple.content)
    cues = sorted(span for triple in outer for span in triple.cue)
    return [*outer, *(other for other in others if _covered(other, contents) and not _met(other.cue[0], cues))]


def _covered(inner: Triple, contents: Sequence[Span]) -> bool:
    at = bisect_right(contents, Span(inner.cue[0].start, inner.cue[0].end))
    near = contents[max(0, at - NEIGHBOURS) : at + 1]
    return all(any(span.covers(part) for span in near) for part in (*inner.cue, *inner.content))


def _met(span: Span, others: Sequence[Span]) -> bool:
    """True when the span overlaps one of the others, which are sorted and of like length."""
    at = bisect_right(others, span)
    return any(span.overlaps(other) for other in others[max(0, at - NEIGHBOURS) : at + NEIGHBOURS])


def _inside(text: str, quotation: Quotation) -> Iterator[Triple]:
    """Statements within a quotation, its own deeper quotation marks included."""
    words = quotation.inner.of(text)
    if words.count(" ") + 1 < FEWEST_WORDS:
        return
    start = quotation.inner.start
    for triple in rules.triples(words):
        yield _shifted(triple, start)


def _shifted(triple: Triple, by: int) -> Triple:
    return replace(
        triple,
        source=_moved(triple.source, by),
        cue=_moved(triple.cue, by),
        content=_moved(triple.content, by),
    )


def _moved(spans: Sequence[Span], by: int) -> tuple[Span, ...]:
    return tuple(Span(span.start + by, span.end + by) for span in spans)
