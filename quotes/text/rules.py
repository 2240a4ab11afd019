"""Source, cue and content by rules: the reading that needs no trained model.

Each sentence is searched for cues; each cue looks for its source (before, after, or borrowed from
an earlier cue) and for its content (before, after, or both). The patterns follow the description of
English reporting clauses in Newell et al. 2018 (PolNeAR annotation guidelines).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from quotes.text import noun_phrases
from quotes.text.cues import Verb
from quotes.text.lexicon import (
    CONJUNCTIONS,
    DETERMINERS,
    HEDGES,
    MONTHS,
    PERSONAL,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    RELATIVE,
    SUBORDINATORS,
    TIME_WORDS,
)
from quotes.text.quotation import Quotation, quotations
from quotes.text.sentences import Sentence, Token, sentences
from quotes.text.spans import Span, trim
from quotes.text.verb_groups import Cue, cues

ANCHOR_REACH = 14
"""Tokens between a cue and its "that", colon or quotation ("said in a statement on Monday that")."""

DETAIL = frozenset("after before when while as since because although though amid".split())
"""Words that open a clause about the saying, not about what was said (*said after the talks*)."""

LEAST_WORDS_BEFORE = 4
TRANSCRIPT = re.compile(r"^[\"“]?(?P<who>[A-Z][A-Z.’' -]{2,40}):\s+(?=\S)")
QUOTE_MARKS = frozenset("\"“”«»„'‘’`")


@dataclass(frozen=True, slots=True)
class Triple:
    """One source–cue–content relation. Spans refer to the whole text; `source` may be empty."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    verb: Verb | None
    confidence: float
    inner: bool = False
    """True when the whole relation stands inside the content of another one."""

    @property
    def extent(self) -> Span:
        spans = self.source + self.cue + self.content
        return Span(min(s.start for s in spans), max(s.end for s in spans))


@dataclass(slots=True)
class Hit:
    """A cue on its way to becoming a triple; positions are token indexes of its sentence."""

    cue: Cue
    source: tuple[int, int] | None = None
    inverted: bool = False
    borrowed: bool = False
    """The source stands with an earlier cue of the sentence ("said A and added B")."""


def triples(text: str) -> list[Triple]:
    """All relations of a text, in the order of their cues. Time is linear in the text."""
    marked = quotations(text)
    found: list[Triple] = []
    previous: Sentence | None = None
    for sentence in sentences(text, marked):
        here = read_sentence(text, sentence)
        if not here and sentence.is_only_quotation and previous is not None:
            here = _continued(text, found, previous, sentence, marked)
        found += here
        previous = sentence
    return found


def read_sentence(text: str, sentence: Sentence) -> list[Triple]:
    """The relations of one sentence."""
    spoken = _transcript_line(text, sentence) or _signed(sentence)
    if spoken is not None:
        return [spoken]
    tokens = sentence.tokens
    hits: list[Hit] = []
    for cue in cues(tokens):
        hit = _with_source(tokens, cue, hits)
        if hit is not None:
            hits.append(hit)
    found = []
    for number, hit in enumerate(hits):
        content = _content(text, tokens, hit, hits[:number], hits[number + 1 :])
        if content:
            found.append(_triple(tokens, hit, content))
    return _mark_inner(found)


def _transcript_line(text: str, sentence: Sentence) -> Triple | None:
    """*TRUMP: I never said that.*"""
    words = sentence.span.of(text)
    match = TRANSCRIPT.match(words)
    if match is None or len(words) - match.end() < 12:
        return None
    who = Span(sentence.span.start + match.start("who"), sentence.span.start + match.end("who"))
    content = Span(sentence.span.start + match.end(), sentence.span.end)
    return Triple((who,), (Span(who.end, who.end + 1),), (content,), None, 0.6)


def _signed(sentence: Sentence) -> Triple | None:
    """*“Never again.” — Ann Lee*"""
    tokens = sentence.tokens
    if len(tokens) < 3 or tokens[0].kind != "quote" or tokens[1].text not in {"―", "—", "–", "-"}:
        return None
    found = noun_phrases.after(tokens, 2, len(tokens))
    if found is None or not tokens[2].is_capitalised or _end(tokens, len(tokens)) != found[1]:
        return None
    who = Span(tokens[2].start, tokens[found[1] - 1].end)
    return Triple((who,), (tokens[1].span,), (tokens[0].span,), None, 0.7)


# --- sources ---------------------------------------------------------------------------------------


def _with_source(tokens: tuple[Token, ...], cue: Cue, earlier: list[Hit]) -> Hit | None:
    if cue.kind == "phrase":
        source = noun_phrases.after(tokens, cue.last + 1, len(tokens))
        return Hit(cue, source) if source and noun_phrases.is_source_like(tokens, source) else None
    if cue.kind == "as saying":
        return _quoted_party(tokens, cue, earlier)
    if cue.kind == "participle":
        return _borrowed(tokens, cue, earlier)
    inverted = _inverted_source(tokens, cue)
    if inverted:
        return Hit(cue, inverted, inverted=True)
    before = tokens[cue.first - 1] if cue.first else None
    if before is None:
        return None
    if before.lower in CONJUNCTIONS or (before.text == "," and earlier and _is_list(tokens, cue)):
        return _borrowed(tokens, cue, earlier)
    if before.text == ",":
        source = _before_apposition(tokens, cue.first - 1)
    else:
        source = noun_phrases.before(tokens, cue.first)
    if source is None or not noun_phrases.is_source_like(tokens, source):
        return None
    return Hit(cue, source)


def _quoted_party(tokens: tuple[Token, ...], cue: Cue, earlier: list[Hit]) -> Hit | None:
    """*Interfax quoted the GOVERNOR as saying*: whom the earlier verb has for its object."""
    if not earlier or earlier[-1].cue.verb is None or earlier[-1].cue.verb.lemma not in {"quote", "cite", "describe"}:
        return None
    found = noun_phrases.after(tokens, earlier[-1].cue.last + 1, cue.first)
    return Hit(cue, found) if found else None


def _is_list(tokens: tuple[Token, ...], cue: Cue) -> bool:
    return cue.last + 1 < len(tokens) and tokens[cue.last].lower.endswith("ed")


def _borrowed(tokens: tuple[Token, ...], cue: Cue, earlier: list[Hit]) -> Hit | None:
    """The source of the cue before it, else the subject of the sentence."""
    for hit in reversed(earlier):
        if hit.source:
            return Hit(cue, hit.source, borrowed=True)
    subject = _subject(tokens, cue.first)
    return Hit(cue, subject, borrowed=True) if subject else None


def _subject(tokens: tuple[Token, ...], limit: int) -> tuple[int, int] | None:
    """The first noun phrase of the sentence, past an opening "On Monday," or "In Ohio,"."""
    start = 0
    opening = tokens[0].lower if tokens else ""
    if opening in PREPOSITIONS | SUBORDINATORS | TIME_WORDS:
        commas = [i for i, token in enumerate(tokens[: limit - 1]) if token.text == ","]
        if not commas:
            return None
        start = commas[0] + 1
    elif opening in CONJUNCTIONS:
        start = 1
    found = noun_phrases.after(tokens, start, limit)
    return found if found and noun_phrases.is_source_like(tokens, found) else None


def _inverted_source(tokens: tuple[Token, ...], cue: Cue) -> tuple[int, int] | None:
    """*“…,” SAID Lee* and *…, SAID Lee*."""
    if not cue.takes("i") or cue.first == 0 or cue.last + 1 >= len(tokens):
        return None
    before = tokens[cue.first - 1]
    if before.kind != "quote" and before.text not in {",", "—", "–", "-"}:
        return None
    following = tokens[cue.last + 1]
    starts_name = following.is_capitalised or following.lower in DETERMINERS | POSSESSIVES | {"one"}
    starts_name = starts_name or following.lower in noun_phrases.person_nouns()
    if not starts_name or following.lower in TIME_WORDS:
        return None
    found = noun_phrases.after(tokens, cue.last + 1, len(tokens))
    if found is None or not noun_phrases.is_source_like(tokens, found):
        return None
    after = tokens[found[1]] if found[1] < len(tokens) else None
    quoted = before.kind == "quote" or (cue.first >= 2 and tokens[cue.first - 2].kind == "quote")
    closes = after is None or after.kind != "word" or after.lower in PREPOSITIONS | RELATIVE | TIME_WORDS
    return found if closes and (quoted or cue.first > LEAST_WORDS_BEFORE) else None


def _before_apposition(tokens: tuple[Token, ...], comma: int) -> tuple[int, int] | None:
    """*X, a senator from Y, SAID*: the phrase before the apposition, best right behind a quotation."""
    nearest = None
    for start in range(comma - 1, max(-1, comma - 30), -1):
        if tokens[start].kind == "quote":
            break
        if tokens[start].text != "," or not start:
            continue
        found = noun_phrases.before(tokens, start)
        if found is None or not _can_speak(tokens, found):
            continue
        if found[0] and tokens[found[0] - 1].kind == "quote":
            return found
        nearest = nearest or found
    return nearest


def _can_speak(tokens: tuple[Token, ...], found: tuple[int, int]) -> bool:
    words = tokens[found[0] : found[1]]
    return any(token.is_capitalised or token.lower in noun_phrases.person_nouns() for token in words)


# --- contents --------------------------------------------------------------------------------------


def _content(
    text: str, tokens: tuple[Token, ...], hit: Hit, earlier: list[Hit], later: list[Hit]
) -> tuple[Span, ...]:
    floor = _left_limit(tokens, hit, earlier)
    limit = _right_limit(tokens, hit, later)
    if hit.cue.kind == "phrase":
        parts = _around_phrase(tokens, hit, floor, limit)
    else:
        parts = _around_verb(tokens, hit, floor, limit)
    spans = (trim(text, Span(tokens[a].start, tokens[b - 1].end)) for a, b in parts if a < b)
    return tuple(span for span in spans if any(c.isalnum() for c in span.of(text)))


def _left_limit(tokens: tuple[Token, ...], hit: Hit, earlier: list[Hit]) -> int:
    """The first token a content before the cue may hold."""
    floor = 0
    for other in earlier:
        if other.inverted and other.source:
            floor = max(floor, other.source[1])
    while floor < len(tokens) and tokens[floor].text in {",", ";", "and", "but", "And", "But"}:
        floor += 1
    return floor + 3 if _is_reporters_link(tokens, floor) else floor


def _is_reporters_link(tokens: tuple[Token, ...], at: int) -> bool:
    """*This comes as …*: the reporter's own words before what a source said."""
    words = [token.lower for token in tokens[at : at + 3]]
    return len(words) == 3 and words[0] in {"this", "it", "that"} and words[1] in {"comes", "came"} and words[2] in {"as", "after", "amid"}


def _right_limit(tokens: tuple[Token, ...], hit: Hit, later: list[Hit]) -> int:
    """Where a content after the cue must end: a later cue that does not belong to it, or the full stop."""
    for other in later:
        if other.cue.kind == "phrase":
            return _without_joint(tokens, other.cue.first)
        if other.cue.kind == "as saying":
            continue
        if other.borrowed and (other.source == hit.source or hit.cue.kind == "phrase"):
            return _without_joint(tokens, other.cue.first)
        if other.source and not other.inverted and not other.borrowed and _starts_clause(tokens, other.source[0]):
            return _without_joint(tokens, other.source[0])
        if other.source and other.inverted:
            return other.cue.first
        if _is_closing_tag(tokens, other):
            return _without_joint(tokens, other.source[0] if other.source else len(tokens))
    return len(tokens)


def _is_closing_tag(tokens: tuple[Token, ...], hit: Hit) -> bool:
    """*…, people familiar with the talks SAID.*: the tag that wraps the whole sentence."""
    if hit.source is None or hit.borrowed or hit.source[0] == 0 or tokens[hit.source[0] - 1].text != ",":
        return False
    return hit.cue.takes("q", "b") and _after_verb(tokens, hit, hit.cue.last + 1, len(tokens)) is None


def _without_joint(tokens: tuple[Token, ...], end: int) -> int:
    while end and (tokens[end - 1].text in {",", ";", "—", "–", "-"} or tokens[end - 1].lower in {"and", "but", "while", "as", "before", "by"}):
        end -= 1
    return end


def _starts_clause(tokens: tuple[Token, ...], at: int) -> bool:
    """True when a new main clause begins at `at`: *…, but Roe said …*."""
    if at < 2:
        return False
    before = tokens[at - 1]
    if before.text in {";", "—"}:
        return True
    return before.lower in {"but", "while", "and", "although", "though", "as"} and tokens[at - 2].text in {",", ";"}


def _around_phrase(tokens: tuple[Token, ...], hit: Hit, floor: int, limit: int) -> list[tuple[int, int]]:
    """*A, according to X.* · *According to X, A.* · *A, according to X, B.*"""
    if hit.source is None:
        return []
    first, end = hit.cue.first, hit.source[1]
    before = (floor, _without_joint(tokens, first))
    comma = next((i for i in range(end, len(tokens)) if tokens[i].text == ","), None)
    if before[1] - before[0] < 2:
        start = end if comma is None else comma + 1
        return [(start, _end(tokens, len(tokens)))]
    follows = comma is not None and comma - end < 12 and _continues(tokens, comma + 1)
    if follows and comma is not None and before[1] - before[0] <= 5:
        return [before, (comma + 1, _end(tokens, limit if limit > comma else len(tokens)))]
    return [before]


def _continues(tokens: tuple[Token, ...], at: int) -> bool:
    return at < len(tokens) and tokens[at].lower not in CONJUNCTIONS | RELATIVE | DETERMINERS | {"-"}


def _around_verb(tokens: tuple[Token, ...], hit: Hit, floor: int, limit: int) -> list[tuple[int, int]]:
    before = _before_verb(tokens, hit, floor)
    start_after = hit.source[1] if hit.inverted and hit.source else hit.cue.last + 1
    if before is None:
        after = None if hit.inverted else _after_verb(tokens, hit, start_after, limit)
        return [after] if after else []
    quoted = any(token.kind == "quote" for token in tokens[before[0] : before[1]])
    rest = _resumed(tokens, start_after, limit, quoted, hit.inverted)
    return [before, rest] if rest else [before]


def _before_verb(tokens: tuple[Token, ...], hit: Hit, floor: int) -> tuple[int, int] | None:
    """*“A,” Lee SAID* or *A, Lee SAID on Monday.*"""
    if hit.borrowed or hit.source is None or hit.cue.kind in {"quoted as saying", "as saying"}:
        return None
    edge = hit.cue.first if hit.inverted else hit.source[0]
    if edge - floor < 1:
        return None
    joint = tokens[edge - 1]
    if joint.kind == "quote":
        whole = floor if _quote_opens(tokens, floor, edge) else edge - 1
        if not hit.inverted and joint.text.rstrip("\"“”'’» ")[-1:] not in ",?!—.-…":
            return None
        return whole, edge
    if joint.text not in {",", "—", "–", "-", "…"} or not hit.cue.takes("q", "b", "i", "x"):
        return None
    if edge >= 2 and tokens[edge - 2].kind == "quote":
        return floor, edge - 1
    if not hit.inverted and (_after_verb(tokens, hit, hit.cue.last + 1, len(tokens)) or tokens[floor].lower in PREPOSITIONS):
        return None
    return (floor, edge - 1) if edge - 1 - floor >= LEAST_WORDS_BEFORE else None


def _quote_opens(tokens: tuple[Token, ...], floor: int, edge: int) -> bool:
    """True when the content begins with the sentence, quoted or not ("The plan is “dead,” he said")."""
    return tokens[floor].kind == "quote" or edge - floor <= 40


def _resumed(
    tokens: tuple[Token, ...], start: int, limit: int, quoted: bool, inverted: bool
) -> tuple[int, int] | None:
    """The second half of an interrupted content: *“A,” he said, “B.”*"""
    if quoted:
        for at in range(start, min(limit, start + ANCHOR_REACH)):
            if tokens[at].kind == "quote":
                joined = at == start or tokens[at - 1].text in {",", ":", "—", "–"}
                return (at, _end(tokens, limit)) if joined else None
        return None
    comma = next((at for at in range(start, min(limit, start + 3)) if tokens[at].text == ","), None)
    if inverted or comma is None or not _continues(tokens, comma + 1):
        return None
    return comma + 1, _end(tokens, limit)


def _after_verb(tokens: tuple[Token, ...], hit: Hit, start: int, limit: int) -> tuple[int, int] | None:
    """*Lee SAID (in a statement on Monday) (that) A.*"""
    end = _end(tokens, limit)
    start = _past_hearer(tokens, hit.cue, start, end)
    if start >= end:
        return None
    token = tokens[start]
    if token.lower == "that" and hit.cue.takes("t", "b"):
        return start, end
    if token.text in {":", ","}:
        starts = start + 1 < end and (token.text == ":" or tokens[start + 1].kind == "quote")
        return (start + 1, end) if starts else _after_anchor(tokens, hit.cue, start, end)
    if token.kind == "quote":
        return start, end
    if hit.cue.takes("n") and token.lower == "to" and start + 1 < end:
        return start, end
    if hit.cue.takes("w") and token.lower in QUESTION_WORDS:
        return start, end
    if hit.cue.takes("a") and token.lower in {"about", "of", "on", "against", "for"}:
        return start, end
    return _bare(tokens, hit.cue, start, end)


def _bare(tokens: tuple[Token, ...], cue: Cue, start: int, end: int) -> tuple[int, int] | None:
    token = tokens[start]
    if token.lower in DETAIL:
        return None
    opens_detail = token.lower in PREPOSITIONS or token.lower in TIME_WORDS
    if opens_detail:
        anchored = _after_anchor(tokens, cue, start, end)
        if anchored:
            return anchored
        start = _past_time(tokens, start, end)
        if start >= end:
            return None
        token = tokens[start]
        if cue.takes("n") and token.lower == "to":
            return start, end
        if token.lower in PREPOSITIONS | DETAIL:
            return None
    if token.kind == "mark" and token.text not in "$(":
        return None
    if cue.takes("b") or (cue.takes("d") and not opens_detail):
        return (start, end) if end - start >= 2 else None
    return None


def _past_hearer(tokens: tuple[Token, ...], cue: Cue, start: int, end: int) -> int:
    """Skips whom it was said to: *told REPORTERS that*, *told CNN in an interview that*."""
    if not cue.takes("o") or start >= end:
        return start
    token = tokens[start]
    if token.lower in {"that", "to"} or token.kind != "word":
        return start
    if token.lower in {"him", "her", "them", "me", "us", "you"}:
        return start + 1
    hearer = noun_phrases.after(tokens, start, end)
    if hearer is None:
        return start
    return hearer[1]


def _after_anchor(tokens: tuple[Token, ...], cue: Cue, start: int, end: int) -> tuple[int, int] | None:
    for at in range(start, min(end, start + ANCHOR_REACH)):
        token = tokens[at]
        if token.lower == "that" and at > start and cue.takes("t", "b"):
            return at, end
        if token.text == ":" and at + 1 < end:
            return at + 1, end
        if token.kind == "quote" and tokens[at - 1].text == ",":
            return at, end
        if token.text == ";":
            return None
    return None


def _past_time(tokens: tuple[Token, ...], start: int, end: int) -> int:
    """Skips *on Monday*, *late Tuesday night*, *in late April*."""
    at = start
    while at < end and tokens[at].lower in {"on", "in", "late", "early", "mid"}:
        at += 1
    if at >= end or tokens[at].lower not in TIME_WORDS | MONTHS and not tokens[at].text.isdigit():
        return start
    while at < end and (tokens[at].lower in TIME_WORDS | MONTHS or tokens[at].text == "," or tokens[at].text.isdigit()):
        at += 1
    return at


def _end(tokens: tuple[Token, ...], limit: int) -> int:
    """Without the sentence's final mark."""
    while limit and tokens[limit - 1].text in {".", ",", ";", "—", "–", "?", "!"}:
        limit -= 1
    return limit


# --- triples ---------------------------------------------------------------------------------------


def _triple(tokens: tuple[Token, ...], hit: Hit, content: tuple[Span, ...]) -> Triple:
    source: tuple[Span, ...] = ()
    if hit.source:
        source = (Span(tokens[hit.source[0]].start, tokens[hit.source[1] - 1].end),)
    cue = Span(tokens[hit.cue.first].start, tokens[hit.cue.last].end)
    return Triple(source, (cue,), content, hit.cue.verb, _confidence(hit))


def _confidence(hit: Hit) -> float:
    """A first estimate (0 to 1) from the kind of pattern; measured ones come with the model."""
    if hit.cue.kind == "phrase" or hit.inverted:
        return 0.9
    if hit.borrowed:
        return 0.6
    return 0.85 if hit.cue.takes("q") and not hit.cue.takes("s") else 0.6


def _mark_inner(found: list[Triple]) -> list[Triple]:
    """Marks relations that lie within another's content, and drops repeats of one content."""
    kept: list[Triple] = []
    for triple in found:
        twin = any(triple.content == other.content and triple.cue[0].overlaps(other.cue[0]) for other in kept)
        if not twin:
            kept.append(triple)
    return [replace(triple, inner=any(_holds(other, triple) for other in kept)) for triple in kept]


def _holds(outer: Triple, inner: Triple) -> bool:
    return outer is not inner and any(
        span.covers(inner.cue[0]) and all(any(s.covers(c) for s in outer.content) for c in inner.content)
        for span in outer.content
    )


def _continued(
    text: str, found: list[Triple], previous: Sentence, sentence: Sentence, marked: list[Quotation]
) -> list[Triple]:
    """A sentence that is nothing but quotation belongs to whoever spoke, or was announced, before it.

    Extends the last relation of `found` in place when the quotation simply goes on.
    """
    if sentence.paragraph - previous.paragraph > 1:
        return []
    announced = _announced(previous)
    if announced is not None:
        return [_triple(previous.tokens, announced, (sentence.span,))]
    last = _last_quoted(text, found, previous)
    if last is None:
        return []
    unclosed = any(not q.closed and q.outer.overlaps(previous.span) for q in marked)
    if sentence.paragraph == previous.paragraph or unclosed:
        found[last] = replace(found[last], content=(*found[last].content, sentence.span))
        return []
    return [replace(found[last], content=(sentence.span,), confidence=0.6)]


def _announced(previous: Sentence) -> Hit | None:
    """*The Times reports:* with the words in the next paragraph."""
    if previous.tokens[-1].text != ":":
        return None
    hits: list[Hit] = []
    for cue in cues(previous.tokens):
        hit = _with_source(previous.tokens, cue, hits)
        if hit and cue.takes("q"):
            hits.append(hit)
    return hits[-1] if hits else None


def _last_quoted(text: str, found: list[Triple], previous: Sentence) -> int | None:
    """The last relation of the previous sentence with a quotation at an end of its content."""
    for at in range(len(found) - 1, max(-1, len(found) - 6), -1):
        triple = found[at]
        ends = {text[i] for span in triple.content for i in (span.start, span.end - 1)}
        if triple.content[-1].overlaps(previous.span) and ends & QUOTE_MARKS and not triple.inner:
            return at
    return None


def is_hedged(text: str, triple: Triple) -> bool:
    words = {word.lower() for span in triple.cue for word in re.findall(r"\w+", span.of(text))}
    return bool(words & HEDGES)


def pronoun_of(text: str, triple: Triple) -> str | None:
    """The lower-case pronoun when the source is one."""
    word = triple.source[0].of(text).lower() if triple.source else ""
    return word if word in PERSONAL | RELATIVE else None
