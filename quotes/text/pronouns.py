"""Whom *he* and *she* mean: every person of the text is scored, and a clear leader is the answer.

What counts is how near and how prominent the last mention is, who spoke before, gender, and who cannot
have said the words: the one they are addressed to, and the one they speak of by name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quotes.text.descriptions import describe
from quotes.text.parties import Party
from quotes.text.person import Mention, Person
from quotes.text.scene import Scene
from quotes.text.spans import Span

VOCATIVE_FIRST = re.compile(r"^[\W_]*(?P<name>[A-Z][\w’-]+)(?:\s[A-Z][\w’-]+)?\s?[,!—–-]\s")
VOCATIVE_LAST = re.compile(r",\s(?P<name>[A-Z][\w’-]+)\s?[.!?,]?[\W_]*$")
GOVERNED = re.compile(
    r"\b(?:of|to|for|with|by|against|from|about|on|than|like|and)\s(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov)\.\s|[A-Z]\w+\s){0,2}$"
)
PARTICIPLE_FIRST = re.compile(r"[A-Z]\w+ing\b[^.;:]*,\s$")
CLAUSE_FIRST = re.compile(
    r"(?:(?:Even |Back |Just |Soon )?(?:[Ww]hen|[Aa]fter|[Bb]efore|[Ww]hile|[Aa]s|[Ss]ince|[Aa]lthough|[Tt]hough|[Bb]ecause|[Ii]f|[Uu]ntil|[Oo]nce)|In|At|During|On|With|Despite|For)\b[^,;:.]*$"
)
UNNAMED_FIRST = re.compile(
    r"(?:An?|One|Another)\s(?P<who>(?:[\w’'-]+\s){0,4}?(?:spokes\w+|aide|official|source|witness|neighbour|neighbor|lawyer|officer|adviser|colleague|friend|guest|supporter|voter|minister|diplomat|resident))\b"
)
OWN_NAME = 1.2
"""Taken off for somebody the reported words name: few speak of themselves so."""

REACH = 12
"""Sentences a pronoun looks back."""

CLEAR_LEAD = 0.9
"""The score by which the best person must lead the second for an answer to be given."""


@dataclass(slots=True)
class Setting:
    """What the attributions read so far tell about the next one."""

    last_speaker: Person | None = None
    last_sentence: int = -99
    narrator: Person | None = None
    """Whose account of a talk the passage is, if it is one."""

    participants: tuple[Person, ...] = ()
    unnamed: Party | None = None
    """The last speaker, when it was one person without a name."""

    hedged: bool = False
    quoting: Person | None = None
    """In whose quotation the words stand, when they stand in one."""


def answer(scene: Scene, gender: str, pronoun: Span, content: Sequence[Span], setting: Setting) -> Party:
    """Who a singular pronoun means, with the odds of the four likeliest; nobody when two are about as likely."""
    phrase = pronoun.of(scene.text)
    barred = _cannot_speak(scene, content) | {setting.quoting}
    near = scene.in_order(scene.around(pronoun.start, REACH) | set(setting.participants))
    scored = sorted(
        (
            (score, number, person)
            for number, person in enumerate(near)
            if person not in barred
            and (not gender or person.gender in ("", gender))
            and (score := _score(scene, person, gender, pronoun.start, setting)) is not None
        ),
        key=lambda entry: (-entry[0], entry[1]),
    )
    if not scored:
        return Party(None, phrase, "person", "nobody", 0.1)
    indirect = scene.named_in(content)
    scored = sorted(
        ((score - (OWN_NAME if person in indirect else 0.0), number, person) for score, number, person in scored),
        key=lambda entry: (-entry[0], entry[1]),
    )
    ranked = [person for _, _, person in scored]
    if setting.unnamed is not None and _is_still_meant(scene, ranked[0], setting, pronoun.start):
        return replace(setting.unnamed, how="as printed", confidence=0.6)
    if _somebody_between(scene, ranked[0], pronoun.start):
        return Party(None, phrase, "person", "nobody", 0.2)
    shares = odds([score for score, _, _ in scored], ranked)
    if len(scored) > 1 and scored[0][0] - scored[1][0] < CLEAR_LEAD:
        return Party(None, phrase, "person", "nobody", shares[0][1], shares[:4])
    return ranked[0].as_party(phrase, "pronoun", shares[0][1], shares[:4])


def _score(scene: Scene, person: Person, gender: str, position: int, setting: Setting) -> float | None:
    """How well a person fits a pronoun at `position`; weights set by hand on training articles."""
    here = scene.sentence_at(position)
    count = person.before(position)
    mentions = [m for m in person.mentions[max(0, count - 12) : count] if not scene.in_quotation(m.span.start)]
    taking_part = person in setting.participants
    near = [m for m in mentions[-3:] if here - scene.sentence_at(m.span.start) <= REACH or taking_part]
    if not near:
        return _ahead(scene, person, position)
    score = max(_prominence(scene, mention, position) for mention in near)
    score += 0.8 if person.gender == gender else 0.0
    score += 0.15 * min(len(mentions), 4)
    if setting.last_speaker is person and here - setting.last_sentence <= 2:
        score += 0.5 if _interrupted(scene, person, gender, setting.last_sentence, position) else 1.8
    if setting.narrator is not None and setting.hedged:
        score += 3.5 if taking_part else -4.0 if person is setting.narrator else 0.0
    return score


def _prominence(scene: Scene, mention: Mention, position: int) -> float:
    """Of one mention: near ones, subjects, and those of the same paragraph count more."""
    text, span = scene.text, mention.span
    here, there = scene.sentence_at(position), scene.sentence_at(span.start)
    score = -0.8 * min(here - there, 8)
    score += 0.3 if scene.sentences[here].paragraph == scene.sentences[there].paragraph else 0.0
    if text.startswith(("'s", "’s"), span.end):
        return score - 0.6
    if GOVERNED.search(text, max(0, span.start - 24), span.start):
        score -= 0.5
    elif scene.opens_sentence(mention):
        score += 0.9
    if here == there and PARTICIPLE_FIRST.match(text, scene.starts[here], position):
        score -= 1.5  # Campaigning against Roe, HE
    return score


def _ahead(scene: Scene, person: Person, position: int) -> float | None:
    """*When HE wrote the book, Lee said*: the name that follows in the same sentence."""
    here = scene.sentence_at(position)
    start, end = scene.starts[here], scene.sentences[here].span.end
    if not CLAUSE_FIRST.match(scene.text, start, position):
        return None
    later = [m for m in person.mentions if position < m.span.start < end and not scene.in_quotation(m.span.start)]
    return -1.0 if later and "," in scene.text[position : later[0].span.start] else None


def _is_still_meant(scene: Scene, person: Person, setting: Setting, position: int) -> bool:
    """The unnamed speaker of the sentence before, when the person has not been named since."""
    if scene.sentence_at(position) - setting.last_sentence > 2:
        return False
    last = person.last_before(position)
    return last is None or last.span.start < scene.sentences[setting.last_sentence].span.end


def _somebody_between(scene: Scene, person: Person, position: int) -> bool:
    """*A spokesman for Roe declined. HE said …*: an unnamed subject since the person was last one."""
    here = scene.sentence_at(position)
    for number in range(here, max(-1, here - 2), -1):
        start = scene.starts[number]
        unnamed = UNNAMED_FIRST.match(scene.text, start, position)
        if unnamed is not None and describe(unnamed["who"]) is not None:
            last = person.last_before(position)
            return last is None or last.span.start <= unnamed.end() + 30
    return False


def _interrupted(scene: Scene, speaker: Person, gender: str, since: int, position: int) -> bool:
    """True when somebody else who fits has been named after the last speaker's words."""
    start = scene.sentences[since].span.end if since >= 0 else 0
    return any(
        person is not speaker and person.gender in ("", gender) and not scene.in_quotation(mention.span.start)
        for mention, person in scene.mentions(start, position)
    )


def _cannot_speak(scene: Scene, content: Sequence[Span]) -> set[Person]:
    """Whom the words speak to, or speak of in the third person between quotation marks."""
    quoted = [
        Span(max(span.start, q.inner.start), min(span.end, q.inner.end))
        for span in content
        for q in scene.quotations_over(span)
    ]
    return scene.named_in(quoted) | set(addressees(scene, content))


def addressees(scene: Scene, content: Sequence[Span]) -> list[Person]:
    """People called by first name or surname at an end of the quotation: *“Vladimir, you can …”*."""
    if not content:
        return []
    words = content[0].of(scene.text)
    names = {m["name"] for m in (VOCATIVE_FIRST.match(words), VOCATIVE_LAST.search(words)) if m}
    if not names:
        return []
    return [person for person in scene.people if person.first_name in names or person.surname in names]


def odds(scores: Sequence[float], ranked: Sequence[Person]) -> tuple[tuple[str, float], ...]:
    """The people ranked, each with the odds its score gives."""
    return tuple((person.name, share) for person, share in zip(ranked, shares(scores), strict=True))


def shares(scores: Sequence[float]) -> list[float]:
    """Scores as shares of one (softmax)."""
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    return [round(weight / sum(weights), 3) for weight in weights]
