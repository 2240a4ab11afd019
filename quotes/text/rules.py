"""Source, cue and content by rules: the reading that needs no trained model.

Each sentence is searched for cues; each cue looks for its source (before, after, or borrowed from
an earlier cue) and for its content (before, after, or both). The patterns follow the description of
English reporting clauses in Newell et al. 2018 (PolNeAR annotation guidelines).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from quotes.text import noun_phrases
from quotes.text.contents import NEIGHBOURS, content_of, end_of
from quotes.text.cues import Verb
from quotes.text.quotation import Quotation, quotations
from quotes.text.sentences import Sentence, Token, sentences
from quotes.text.sources import Hit, with_source
from quotes.text.spans import Span
from quotes.text.verb_groups import Cue, cues

TRANSCRIPT = re.compile(r"^[\"“]?(?P<who>[A-Z][A-Z.’' -]{2,40}):\s+(?=\S)")
SPOKEN = re.compile(r"(?:I|I['’]m|We|You|Well|Yes|No|Thank|Let|My|Our)\b")
"""How a line begins that somebody speaks, and not a report."""
UNREAL = re.compile(
    r"\b(?:should|would|will|could|might|can|may|must|shall|to|not|never|didn['’]t|doesn['’]t|hasn['’]t|won['’]t)\b",
    re.I,
)
STATING = frozenset(("ask for", "call for", "deny", "demand", "announce", "order", "refuse", "decline", "admit"))
"""Verbs whose object alone is a statement: *asked for the meeting*."""
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
    is_statement: bool = True
    """False for a cue that reports no act of saying: *should say*, *believes*, *calls it*."""
    hands_on: bool = False
    """A form that hands on what another said: *according to Roe*, *As Roe told Lee, …*."""
    quoted_as_saying: bool = False
    """*Roe quoted HER AS SAYING …*, *she WAS HEARD SAYING …*"""

    @property
    def extent(self) -> Span:
        spans = self.source + self.cue + self.content
        return Span(min(s.start for s in spans), max(s.end for s in spans))


def triples(text: str, marked: list[Quotation] | None = None) -> list[Triple]:
    """All relations of a text, in the order of their cues. `marked` are its quotations, when known. Linear in the text."""
    marked = quotations(text) if marked is None else marked
    found: list[Triple] = []
    previous: Sentence | None = None
    waiting: list[Sentence] = []
    for sentence in sentences(text, marked):
        here = read_sentence(text, sentence)
        if not here and sentence.is_only_quotation and previous is not None:
            here = _continued(text, found, previous, sentence, marked)
        found += _with_run_on(text, here, waiting, sentence)
        waiting = _waiting(here, waiting, sentence)
        previous = sentence
    return found


def _waiting(here: list[Triple], waiting: list[Sentence], sentence: Sentence) -> list[Sentence]:
    """Quotations left open at the end of their paragraph, whose source is still to come."""
    if here or not sentence.is_only_quotation or sentence.tokens[-1].text[-1:] in QUOTE_MARKS:
        return []
    follows = waiting and sentence.paragraph == waiting[-1].paragraph + 1
    return [*waiting, sentence] if follows else [sentence]


def _with_run_on(text: str, here: list[Triple], waiting: list[Sentence], sentence: Sentence) -> list[Triple]:
    """*“First we lost.* ¶ *“Then we won,” Berg said.*: the first paragraph belongs to Berg as well."""
    if not here or not waiting or sentence.paragraph != waiting[-1].paragraph + 1:
        return here
    first = here[0]
    if first.content[0].start != sentence.span.start or text[sentence.span.start] not in QUOTE_MARKS:
        return here
    return [replace(first, content=(*(s.span for s in waiting), *first.content)), *here[1:]]


def read_sentence(text: str, sentence: Sentence) -> list[Triple]:
    """The relations of one sentence."""
    spoken = _transcript_line(text, sentence) or _signed(sentence)
    if spoken is not None:
        return [spoken]
    tokens = sentence.tokens
    hits: list[Hit] = []
    for cue in cues(tokens):
        hit = with_source(tokens, cue, hits)
        if hit is not None:
            hits.append(hit)
    found = []
    for number, hit in enumerate(hits):
        earlier, later = hits[max(0, number - NEIGHBOURS) : number], hits[number + 1 : number + 1 + NEIGHBOURS]
        content = content_of(text, tokens, hit, earlier, later)
        if content:
            found.append(_triple(tokens, hit, content))
    return marked_inner(found)


def _transcript_line(text: str, sentence: Sentence) -> Triple | None:
    """*TRUMP: I never said that.* But a place at the head of the text: *MUMBAI: Three men were held.*"""
    words = sentence.span.of(text)
    match = TRANSCRIPT.match(words)
    if match is None or len(words) - match.end() < 12:
        return None
    if sentence.paragraph == 0 and not SPOKEN.match(words, match.end()):
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
    if found is None or not tokens[2].is_capitalised or end_of(tokens, len(tokens)) != found[1]:
        return None
    who = Span(tokens[2].start, tokens[found[1] - 1].end)
    return Triple((who,), (tokens[1].span,), (tokens[0].span,), None, 0.7)


def _triple(tokens: tuple[Token, ...], hit: Hit, content: tuple[Span, ...]) -> Triple:
    source: tuple[Span, ...] = ()
    if hit.source:
        source = (Span(tokens[hit.source[0]].start, tokens[hit.source[1] - 1].end),)
    cue = Span(tokens[hit.cue.first].start, tokens[hit.cue.last].end)
    words = " ".join(token.lower for token in tokens[hit.cue.first : hit.cue.last + 1])
    return Triple(
        source,
        (cue,),
        content,
        hit.cue.verb,
        _confidence(hit),
        is_statement=bool(source) and _states(hit.cue, words),
        hands_on=hit.cue.kind == "phrase" or _opens_with_as(tokens, hit),
        quoted_as_saying=hit.cue.kind in {"as saying", "quoted as saying", "heard"},
    )


def _opens_with_as(tokens: tuple[Token, ...], hit: Hit) -> bool:
    return tokens[0].lower == "as" and hit.source is not None and hit.source[0] == 1


def _states(cue: Cue, words: str) -> bool:
    """Whether a cue tells of an act of saying: not *should say*, not *calls it*, not *believes*."""
    if cue.verb is None:
        return True
    said = cue.verb.takes("t", "b", "q", "n", "w") or cue.verb.lemma in STATING
    return cue.verb.is_speech and said and not UNREAL.search(words)


def _confidence(hit: Hit) -> float:
    """A first estimate (0 to 1) from the kind of pattern; measured ones come with the model."""
    if hit.cue.kind == "phrase" or hit.inverted:
        return 0.9
    if hit.borrowed:
        return 0.6
    return 0.85 if hit.cue.takes("q") and not hit.cue.takes("s") else 0.6


def marked_inner(found: list[Triple]) -> list[Triple]:
    """Marks relations that lie within another's content, and drops repeats of one content."""
    kept: list[Triple] = []
    for triple in found:
        twin = any(triple.content == other.content and triple.cue[0].overlaps(other.cue[0]) for other in kept[-2:])
        if not twin:
            kept.append(triple)
    around = [kept[max(0, n - NEIGHBOURS) : n + NEIGHBOURS + 1] for n in range(len(kept))]
    return [
        replace(triple, inner=any(_holds(o, triple) for o in near)) for triple, near in zip(kept, around, strict=True)
    ]


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
        hit = with_source(previous.tokens, cue, hits)
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
