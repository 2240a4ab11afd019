"""Cues in one sentence: finite verbs of reporting with their auxiliaries, and phrases like *according to*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from quotes.text.cues import Inflected, Verb, first_words_of_phrases, phrases_before_source, verbs
from quotes.text.lexicon import (
    AUXILIARIES,
    BE,
    CONTRACTED,
    DETERMINERS,
    HAVE,
    PERSONAL,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVE,
    is_adverb,
    person_nouns,
    plural_person_nouns,
)
from quotes.text.parties import BODY_NOUNS, CHANNEL_NOUNS, SUMMARY_NOUNS
from quotes.text.sentences import Token

Kind = Literal["finite", "participle", "quoted as saying", "as saying", "heard", "phrase"]
SPEAKING_NOUNS = BODY_NOUNS | SUMMARY_NOUNS | CHANNEL_NOUNS
NOUN_BEFORE = (DETERMINERS | POSSESSIVES | PREPOSITIONS | {"of"}) - {"to"}
ADJECTIVES_BEFORE = frozenset(("new", "official", "recent", "latest", "media", "news"))
CATENATIVES = frozenset(
    (
        "went",
        "goes",
        "go",
        "going",
        "continued",
        "continues",
        "rushed",
        "proceeded",
        "took",
        "takes",
        "refused",
        "declined",
        "came",
    )
)
PERCEIVING = frozenset("heard hears overheard recalled recalls remembered remembers recounted".split())
"""*recalled HIM SAYING*: verbs of those who pass on what they heard."""
HEARD = frozenset("heard overheard caught recorded filmed".split())
HEARSAY = frozenset("said reported alleged understood learnt learned believed thought rumoured rumored claimed".split())
"""*is UNDERSTOOD to have told them*: somebody says so, and the text does not say who."""
RETELLING = frozenset(("recount", "recall", "remember", "describe", "deny", "admit"))
COMPOUNDS = {("call", "on"): "on", ("call", "upon"): "on", ("call", "for"): "d", ("ask", "for"): "d"}
"""Verbs whose particle changes what may follow; the frames are those of cues.txt."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Tokens `first` to `last` (inclusive) of a reporting expression."""

    first: int
    last: int
    kind: Kind
    verb: Verb | None = None

    def takes(self, *frames: str) -> bool:
        return self.verb is not None and self.verb.takes(*frames)


def cues(tokens: Sequence[Token]) -> list[Cue]:
    """All cues of a sentence, left to right, none overlapping."""
    found: list[Cue] = []
    at = 0
    while at < len(tokens):
        cue = _quoted_as_saying(tokens, at) or _phrase_at(tokens, at) or _verb_at(tokens, at)
        if cue is None or (found and cue.first <= found[-1].last):
            at += 1
            continue
        found.append(cue)
        at = cue.last + 1
    return found


def _phrase_at(tokens: Sequence[Token], at: int) -> Cue | None:
    if tokens[at].lower not in first_words_of_phrases():
        return None
    for phrase in phrases_before_source():
        if tuple(token.lower for token in tokens[at : at + len(phrase)]) == phrase:
            return Cue(at, at + len(phrase) - 1, "phrase")
    return None


def _verb_at(tokens: Sequence[Token], at: int) -> Cue | None:
    if tokens[at].kind != "word":
        return None
    if tokens[at].lower in {"pointed", "points", "pointing"} and _next_is(tokens, at, "out"):
        return _group(tokens, at, at + 1, Inflected(Verb("point out", frozenset("tqi")), frozenset({"past"})))
    compound = _compound_at(tokens, at)
    if compound is not None:
        return compound
    form = verbs().get(tokens[at].lower)
    if form is None or _is_noun(tokens, at, form):
        return None
    if at and tokens[at - 1].lower == "as" and form.forms == {"ing"}:
        return Cue(at - 1, at, "as saying", form.verb)
    if _is_perceived(tokens, at, form):
        return Cue(at, at, "as saying", form.verb)
    group = _group(tokens, at, at, form)
    return _with_retold(tokens, group) if group and group.verb and group.verb.lemma in RETELLING else group


def _is_perceived(tokens: Sequence[Token], at: int, form: Inflected) -> bool:
    """*recalled him SAYING*, *heard Lee SAY*."""
    if not form.forms & {"ing", "base"} or not form.verb.is_speech or at < 2:
        return False
    whom = tokens[at - 1]
    if not (whom.is_capitalised or whom.lower in {"him", "her", "them", "me", "us"}):
        return False
    start = at - 1
    while start and tokens[start - 1].is_capitalised and at - start < 4:
        start -= 1
    return start > 0 and tokens[start - 1].lower in PERCEIVING


def _with_retold(tokens: Sequence[Token], group: Cue) -> Cue:
    """*she RECOUNTED TELLING them*: one act of saying, told by its speaker."""
    following = tokens[group.last + 1].lower if group.last + 1 < len(tokens) else ""
    form = verbs().get(following)
    if form is None or form.forms != {"ing"} or not form.verb.is_speech:
        return group
    return Cue(group.first, group.last + 1, group.kind, form.verb)


def _compound_at(tokens: Sequence[Token], at: int) -> Cue | None:
    """*called on members to*, *asked for a meeting*: a verb and its particle."""
    form = verbs().get(tokens[at].lower)
    particle = tokens[at + 1].lower if at + 1 < len(tokens) else ""
    frames = COMPOUNDS.get((form.verb.lemma, particle)) if form else None
    if form is None or frames is None or _is_noun(tokens, at, form):
        return None
    return _group(tokens, at, at + 1, Inflected(Verb(f"{form.verb.lemma} {particle}", frozenset(frames)), form.forms))


def _next_is(tokens: Sequence[Token], at: int, word: str) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1].lower == word


def _is_noun(tokens: Sequence[Token], at: int, form: Inflected) -> bool:
    """*the report*, *his demand*, *a Fox News show*: spelled like a cue, used as a noun."""
    if at and tokens[at - 1].lower in NOUN_BEFORE and not (form.forms & {"ing"}):
        return True
    if at and tokens[at - 1].lower in ADJECTIVES_BEFORE and form.verb.takes("v"):
        return True
    if not form.forms & {"base", "s"}:
        return False
    if "s" in form.forms and _closes_with_name(tokens, at):
        return False
    if at and tokens[at - 1].text.endswith(("'s", "’s", "s'", "s’")):
        return True
    if (
        at > 1
        and "base" in form.forms
        and any(t.lower in {"a", "an", "each", "every"} for t in tokens[max(0, at - 3) : at])
    ):
        return True  # a police report
    previous = tokens[at - 1].lower if at else ""
    following = tokens[at + 1].lower if at + 1 < len(tokens) else "."
    if form.verb.takes("v") and (at == 0 or following in {"of", "from", "by", "for", "in", ",", "."}):
        return True
    if form.verb.takes("v") and following in AUXILIARIES:
        return True
    if _is_plural_object(tokens, at, form):
        return True
    if "base" in form.forms and "past" not in form.forms and at:
        return not (
            previous in PERSONAL | RELATIVE | AUXILIARIES | {"to", "people", "who", "and", "n't"}
            or previous in plural_person_nouns()
            or is_adverb(previous)
            or (previous.endswith("s") and not previous.endswith("ss"))
        )
    return False


def _closes_with_name(tokens: Sequence[Token], at: int) -> bool:
    """*…, Interfax REPORTS.*: a name between a comma and the verb that ends the sentence."""
    start = at
    while start and tokens[start - 1].is_capitalised and at - start < 4:
        start -= 1
    ends = at + 1 == len(tokens) or tokens[at + 1].kind == "mark"
    return ends and 0 < start < at and tokens[start - 1].text == ","


def _is_plural_object(tokens: Sequence[Token], at: int, form: Inflected) -> bool:
    """*the spying reports*, *shared notes*: a plural noun spelled like a verb in -s."""
    if form.forms != {"s"} or at == 0:
        return False
    before = tokens[at - 1]
    earlier = verbs().get(before.lower)
    if (before.lower.endswith("ed") and not before.is_capitalised) or (earlier is not None and "past" in earlier.forms):
        return True
    speaks = before.lower in person_nouns() or before.lower in SPEAKING_NOUNS or before.is_capitalised
    determined = at > 1 and tokens[at - 2].lower in DETERMINERS | POSSESSIVES
    return form.verb.takes("v") and determined and not speaks


def _quoted_as_saying(tokens: Sequence[Token], at: int) -> Cue | None:
    """*was quoted (by X) as saying*; the source is the subject, X an intermediary."""
    if at == 0 or tokens[at].lower != "quoted" or tokens[at - 1].lower not in BE | HAVE:
        return None
    for end in range(at + 1, min(at + 10, len(tokens) - 1)):
        if tokens[end].lower == "as" and tokens[end + 1].lower in {"saying", "telling", "having"}:
            first = _group_start(tokens, at)
            return Cue(first, end + 1, "quoted as saying", verbs()["saying"].verb)
    return None


def _group_start(tokens: Sequence[Token], at: int) -> int:
    first = at
    while first and (
        is_auxiliary(tokens[first - 1])
        or (is_adverb(tokens[first - 1].lower) and not (tokens[first - 1].is_capitalised and first > 1))
    ):
        first -= 1
    while (
        first < at and tokens[first].kind == "word" and tokens[first].is_capitalised and is_adverb(tokens[first].lower)
    ):
        first += 1
    return first


def is_auxiliary(token: Token) -> bool:
    """*may*, *has*, *’s*; not *May* and *Will*, who are people."""
    named = token.text in {"May", "Will"}
    return token.lower in AUXILIARIES | CONTRACTED and not named


def _group(tokens: Sequence[Token], at: int, last: int, form: Inflected) -> Cue | None:
    first = _group_start(tokens, at)
    auxiliaries = {token.lower for token in tokens[first:at]}
    before = tokens[first - 1].lower if first else ""
    if before == "to":
        return _infinitive(tokens, first, last, form)
    if form.forms == {"ing"}:
        heard = _was_heard(tokens, first)
        if heard is not None:
            return Cue(heard, last, "heard", form.verb)
        if auxiliaries & (BE | CONTRACTED):
            return Cue(first, last, "finite", form.verb)
        return Cue(first, last, "participle", form.verb) if _may_be_participle(before) else None
    if auxiliaries & BE and not (auxiliaries & HAVE and "been" not in auxiliaries):
        return None  # passive
    if not first and "past" in form.forms:
        return None
    return Cue(first, last, "finite", form.verb)


def _was_heard(tokens: Sequence[Token], at: int) -> int | None:
    """*Lee WAS HEARD on a microphone TELLING her*: where that group begins."""
    for start in range(at - 1, max(0, at - 8), -1):
        if tokens[start].lower in HEARD and tokens[start - 1].lower in BE:
            return _group_start(tokens, start)
    return None


def _infinitive(tokens: Sequence[Token], first: int, last: int, form: Inflected) -> Cue | None:
    """*went on TO SAY*: the governing verb lends its subject; other infinitives report nothing yet."""
    if first >= 3 and tokens[first - 2].lower in HEARSAY and tokens[first].lower == "have":
        return Cue(_group_start(tokens, first - 2), last, "finite", form.verb)
    for start in range(first - 2, max(-1, first - 6), -1):
        if tokens[start].lower in CATENATIVES:
            return Cue(_group_start(tokens, start), last, "finite", form.verb)
    return None


def _may_be_participle(before: str) -> bool:
    return (
        before
        in {
            ",",
            "",
            "and",
            "by",
            "before",
            "while",
            "without",
            ";",
            "—",
            "–",
            "-",
            "tuesday",
            "monday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        }
        or before[:1] in '"“'
    )
