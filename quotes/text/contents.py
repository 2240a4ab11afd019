"""What a cue hands on: the words before it, after it, or on both sides, and where they end."""

from __future__ import annotations

from quotes.text import noun_phrases
from quotes.text.lexicon import (
    CONJUNCTIONS,
    DETERMINERS,
    MONTHS,
    PREPOSITIONS,
    QUESTION_WORDS,
    RELATIVE,
    TIME_WORDS,
)
from quotes.text.sentences import Token
from quotes.text.sources import LEAST_WORDS_BEFORE, Hit, is_aside
from quotes.text.spans import Span, trim
from quotes.text.verb_groups import Cue

NEIGHBOURS = 12
"""How many cues of its sentence a cue looks at on each side."""

LONGEST_CONTENT = 400
"""Tokens a content may have on one side of its cue; a quotation counts as one."""

COMMA_REACH = 40
"""Tokens within which a comma ends a clause that wraps or opens a sentence."""

ANCHOR_REACH = 14
"""Tokens between a cue and its "that", colon or quotation ("said in a statement on Monday that")."""

TOPIC = frozenset(("about", "of", "on", "against"))
"""Words that open what was spoken about, not what was said."""

OPENS_CLAUSE = frozenset("when after before while although though if because since once".split())
DETAIL = frozenset("after before when while as since because although though amid".split())
"""Words that open a clause about the saying, not about what was said (*said after the talks*)."""


def content_of(
    text: str, tokens: tuple[Token, ...], hit: Hit, earlier: list[Hit], later: list[Hit]
) -> tuple[Span, ...]:
    floor = max(_left_limit(tokens, hit, earlier[-NEIGHBOURS:]), hit.cue.first - LONGEST_CONTENT)
    limit = min(_right_limit(tokens, hit, later[:NEIGHBOURS]), hit.cue.last + LONGEST_CONTENT)
    if hit.cue.kind == "phrase":
        parts = _around_phrase(tokens, hit, floor, limit)
    else:
        parts = _around_verb(tokens, hit, floor, limit)
        if hit.cue.kind == "as saying" and not parts and earlier:
            before = _before_verb(tokens, earlier[-1], floor)  # “A,” Lee recalled him SAYING.
            parts = [before] if before else []
        elif later and later[0].cue.kind == "as saying" and len(parts) == 1 and parts[0][1] <= hit.cue.first:
            parts.append((hit.cue.last + 1, later[0].cue.last + 1))
        elif is_aside(tokens, hit) and len(parts) == 1 and later and _follows_aside(hit, later[0].cue):
            parts = [(floor, (hit.source or (0, 0))[0] - 1), (hit.cue.last + 2, end_of(tokens, len(tokens)))]
    spans = (trim(text, Span(tokens[a].start, tokens[b - 1].end)) for a, b in parts if a < b)
    bare = (_without_stray_bracket(text, span) for span in spans)
    return tuple(span for span in bare if any(c.isalnum() for c in span.of(text)))


def _follows_aside(aside: Hit, cue: Cue) -> bool:
    """The verb right behind *…, Lee recalled, ASKED*."""
    return cue.kind != "phrase" and cue.first == aside.cue.last + 2


def _without_stray_bracket(text: str, span: Span) -> Span:
    """*(Berg said it leaks)*: the bracket closes the sentence, not the content."""
    if text[span.end - 1 : span.end] == ")" and "(" not in span.of(text):
        return Span(span.start, span.end - 1)
    return span


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
    return (
        len(words) == 3
        and words[0] in {"this", "it", "that"}
        and words[1] in {"comes", "came"}
        and words[2] in {"as", "after", "amid"}
    )


def _right_limit(tokens: tuple[Token, ...], hit: Hit, later: list[Hit]) -> int:
    """Where a content after the cue must end: a later cue that does not belong to it, or the full stop."""
    clause = _clause_end(tokens, hit)
    if clause is not None:
        return clause
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


def _clause_end(tokens: tuple[Token, ...], hit: Hit) -> int | None:
    """The comma that ends the clause the cue stands in: *Berg, who said it leaks, resigned*."""
    if hit.source is None or hit.borrowed or hit.cue.kind == "phrase":
        return None
    first = hit.source[0]
    relative = tokens[first].lower in RELATIVE and first > 0 and tokens[first - 1].text == ","
    opening = first == 1 and tokens[0].lower in OPENS_CLAUSE
    return _comma(tokens, hit.cue.last + 2) if relative or opening else None


def _comma(tokens: tuple[Token, ...], start: int) -> int | None:
    """The next comma within reach that no *and* or *but* carries on from."""
    for at in range(start, min(len(tokens) - 1, start + COMMA_REACH)):
        if tokens[at].text == "," and tokens[at + 1].lower not in CONJUNCTIONS:
            return at
    return None


def _is_closing_tag(tokens: tuple[Token, ...], hit: Hit) -> bool:
    """*…, people familiar with the talks SAID.*: the tag that wraps the whole sentence."""
    if hit.source is None or hit.borrowed or hit.source[0] == 0 or tokens[hit.source[0] - 1].text != ",":
        return False
    return hit.cue.takes("q", "b") and _after_verb(tokens, hit, hit.cue.last + 1, len(tokens)) is None


def _without_joint(tokens: tuple[Token, ...], end: int) -> int:
    while end and (
        tokens[end - 1].text in {",", ";", "—", "–", "-"}
        or tokens[end - 1].lower in {"and", "but", "while", "as", "before", "by"}
    ):
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
    comma = _comma(tokens, end)
    if before[1] - before[0] < 2:
        start = end if comma is None else comma + 1
        if start < len(tokens) and tokens[start].lower in {"citing", "quoting"}:
            start = (_comma(tokens, start + 1) or start - 1) + 1  # According to Roe, citing Lee, A.
        return [(start, end_of(tokens, len(tokens)))]
    follows = (
        comma is not None
        and comma - end < 12
        and _continues(tokens, comma + 1)
        and not _is_name_to_end(tokens, comma + 1)
    )
    if follows and comma is not None and before[1] - before[0] <= 5:
        return [before, (comma + 1, end_of(tokens, limit if limit > comma else len(tokens)))]
    return [before]


def _is_name_to_end(tokens: tuple[Token, ...], start: int) -> bool:
    """*(according to her aide,) Beth Owusu.*: a name in apposition."""
    found = noun_phrases.after(tokens, start, len(tokens))
    return found is not None and tokens[start].is_capitalised and found[1] == end_of(tokens, len(tokens))


def _continues(tokens: tuple[Token, ...], at: int) -> bool:
    return at < len(tokens) and tokens[at].lower not in CONJUNCTIONS | RELATIVE | DETERMINERS | {"-"}


def _around_verb(tokens: tuple[Token, ...], hit: Hit, floor: int, limit: int) -> list[tuple[int, int]]:
    if hit.source and hit.source[0] == 1 and tokens[0].lower == "as" and (comma := _comma(tokens, hit.cue.last + 1)):
        return [(comma + 1, end_of(tokens, limit))]  # As Berg said, …
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
    if hit.borrowed or hit.source is None or hit.cue.kind == "as saying":
        return None
    edge = hit.cue.first if hit.inverted else hit.source[0]
    if hit.cue.kind == "quoted as saying" and tokens[edge - 1].kind != "quote":
        return None
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
    if not hit.inverted and _after_verb(tokens, hit, hit.cue.last + 1, len(tokens)):
        return None
    least = LEAST_WORDS_BEFORE + (1 if tokens[floor].lower in PREPOSITIONS else 0)  # more than “On Tuesday night,”
    return (floor, edge - 1) if edge - 1 - floor >= least else None


def _quote_opens(tokens: tuple[Token, ...], floor: int, edge: int) -> bool:
    """True when the content begins with the sentence, quoted or not ("The plan is “dead,” he said")."""
    return tokens[floor].kind == "quote" or edge - floor <= 40


def _resumed(tokens: tuple[Token, ...], start: int, limit: int, quoted: bool, inverted: bool) -> tuple[int, int] | None:
    """The second half of an interrupted content: *“A,” he said, “B.”*"""
    if quoted:
        for at in range(start, min(limit, start + ANCHOR_REACH)):
            if tokens[at].kind == "quote":
                joined = at == start or tokens[at - 1].text in {",", ":", "—", "–"}
                return (at, end_of(tokens, limit)) if joined else None
        return None
    comma = next((at for at in range(start, min(limit, start + 3)) if tokens[at].text == ","), None)
    if inverted or comma is None or not _continues(tokens, comma + 1):
        return None
    return comma + 1, end_of(tokens, limit)


def _after_verb(tokens: tuple[Token, ...], hit: Hit, start: int, limit: int) -> tuple[int, int] | None:
    """*Lee SAID (in a statement on Monday) (that) A.*"""
    end = end_of(tokens, limit)
    start = _past_hearer(tokens, hit.cue, start, end)
    if start >= end:
        return None
    token = tokens[start]
    if token.lower == "that" and hit.cue.takes("t", "b"):
        return start, end
    if token.text in {":", ","}:
        starts = start + 1 < end and (token.text == ":" or tokens[start + 1].kind == "quote")
        return _quotation_and_on(tokens, start + 1, end) if starts else _after_anchor(tokens, hit.cue, start, end)
    if token.kind == "quote":
        return _quotation_and_on(tokens, start, end)
    if hit.cue.takes("n") and (token.lower == "to" or _is_not_to(tokens, start)) and start + 1 < end:
        return start, end
    if hit.cue.takes("w") and token.lower in QUESTION_WORDS:
        return start, end
    if hit.cue.takes("a") and token.lower in TOPIC:
        return _after_anchor(tokens, hit.cue, start, end) or (start, end)
    return _bare(tokens, hit.cue, start, end)


def _is_not_to(tokens: tuple[Token, ...], at: int) -> bool:
    return tokens[at].lower == "not" and at + 1 < len(tokens) and tokens[at + 1].lower == "to"


def _quotation_and_on(tokens: tuple[Token, ...], start: int, end: int) -> tuple[int, int]:
    """A content that opens with a quotation: that alone when it closes on a stop (*“You tell me,” repeatedly*)."""
    closes = tokens[start].kind == "quote" and tokens[start].text.rstrip("\"“”'’» ")[-1:] in ",.?!"
    more = any(token.kind == "quote" for token in tokens[start + 1 : end])
    return (start, start + 1) if closes and not more else (start, end)


def _bare(tokens: tuple[Token, ...], cue: Cue, start: int, end: int) -> tuple[int, int] | None:
    token = tokens[start]
    if token.lower in DETAIL:
        return _after_anchor(tokens, cue, start, end)
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
    owns = token.lower == "her" and start + 1 < end and noun_phrases.is_content_word(tokens[start + 1])
    if token.lower in {"him", "her", "them", "me", "us", "you"} and not owns:
        return start + 1
    hearer = noun_phrases.after(tokens, start, end)
    if hearer is None:
        return start
    return _past_circumstances(tokens, hearer[1], end) if cue.takes("n") else hearer[1]


def _past_circumstances(tokens: tuple[Token, ...], start: int, end: int) -> int:
    """*warned the leader, Ann Lee, during their meeting NOT TO move*: up to the infinitive."""
    for at in range(start, min(end - 1, start + ANCHOR_REACH + 4)):
        if tokens[at].lower == "not" and tokens[at + 1].lower == "to":
            return at
        if tokens[at].lower in {"that", "to"} or tokens[at].kind == "quote" or tokens[at].text in {":", ";"}:
            break
    return start


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
    if at >= end or (tokens[at].lower not in TIME_WORDS | MONTHS and not tokens[at].text.isdigit()):
        return start
    while at < end and (tokens[at].lower in TIME_WORDS | MONTHS or tokens[at].text == "," or tokens[at].text.isdigit()):
        at += 1
    return at


def end_of(tokens: tuple[Token, ...], limit: int) -> int:
    """Without the sentence's final mark."""
    while limit and tokens[limit - 1].text in {".", ",", ";", "—", "–", "?", "!"}:
        limit -= 1
    return limit
