"""A text -> its attributions: who is said to have said what, and through whom.

`read` is the one entry to the reading floor: spans (quotes.text.rules), then people
(quotes.text.coreference), then relay chains (quotes.text.relay).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from quotes.text import confidence, parties, relay
from quotes.text.contents import TOPIC
from quotes.text.coreference import Cast
from quotes.text.extraction import triples
from quotes.text.lexicon import PERSONAL, RELATIVE, SINGULAR_PERSON
from quotes.text.offices import Term
from quotes.text.parties import Party
from quotes.text.person import Person
from quotes.text.pronouns import Setting
from quotes.text.quotation import share_quoted
from quotes.text.relay import Account, RelayCandidate, Sourcing
from quotes.text.rules import Triple
from quotes.text.spans import Span, hull
from quotes.text.tagger import state

RULES = "rules-3"


def extractor() -> str:
    """The name of the present reader. Stored with every attribution, so that a later reading knows what it replaces."""
    model = state().model
    return f"{model}, {RULES}" if model else RULES


Form = Literal["direct", "indirect", "mixed"]
UNSAID = re.compile(
    r"\b(?:should|could|might|may|must|shall|will|can|(?:has|have|had) yet to|fail(?:ed|s)? to)\b", re.I
)
ASKED_WHETHER = re.compile(r"(?:Did|Does|Do|Has|Have|Had|Is|Was|Will|Would|Should|Could|Can)\b")
NOT_SAID = re.compile(r"\b(?:not|never|no longer|\w+n['’]t)\b", re.I)
NEIGHBOURS = 12
"""How many relations away an outer one is looked for; a sentence has fewer."""

WRAPPED_SHARE = 0.6
"""The share of an outer content's letters an inner statement must fill for the outer one to be its wrapper."""


@dataclass(frozen=True, slots=True)
class AttributionCandidate:
    """One attribution as the machine reads it. Spans refer to the text that was given."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    form: Form
    speech: bool
    speaker: Party
    relays: tuple[RelayCandidate, ...] = ()
    hedged: bool = False
    sourcing: Sourcing = "firsthand"
    venue: str = ""
    confidence: float = 0.5
    wraps: int | None = None
    """Index of the statement this one wraps: *(Trump vowed X), according to Ushakov*."""

    @property
    def is_quotable(self) -> bool:
        """Speech that stands on its own: what becomes a quote on the site."""
        return self.speech and self.wraps is None


@dataclass(slots=True)
class Reading:
    """The state of reading one text."""

    cast: Cast
    outlet: str
    triples: list[Triple]
    accounts: list[Account]
    speakers: list[Party] = field(default_factory=list)
    account: Account | None = None
    ended: int = -1
    """Sentence at which the last account ended."""

    @property
    def text(self) -> str:
        return self.cast.text


def read(
    text: str,
    *,
    published: date | None = None,
    outlet: str = "",
    terms: Iterable[Term] = (),
    found: list[Triple] | None = None,
) -> list[AttributionCandidate]:
    """All attributions of a text, nested ones included, in the order of their cues.

    `published` decides who held an office; `outlet` is never a relay in its own article; `terms` are an
    editor's own dated titles; `found` are the relations, when they are known already. No exception for any Unicode text; time grows in step with its length.
    """
    cast = Cast(text, published, tuple(terms))
    reading = Reading(cast, outlet, triples(text) if found is None else found, relay.accounts(cast))
    outers = _outers(reading.triples)
    _resolve_speakers(reading, outers)
    kept = [number for number in range(len(reading.triples)) if _is_kept(reading, number, outers[number])]
    place = {number: index for index, number in enumerate(kept)}
    candidates = [_candidate(reading, number, outers, place) for number in kept]
    return [_drop_lost_wrap(candidate, candidates) for candidate in candidates]


# --- nesting ---------------------------------------------------------------------------------------


def _outers(found: Sequence[Triple]) -> list[list[int]]:
    """For each relation, those that hold it within their content, nearest first."""
    holders: list[list[int]] = []
    for number, inner in enumerate(found):
        near = range(max(0, number - NEIGHBOURS), min(len(found), number + NEIGHBOURS + 1))
        around = [n for n in near if n != number and inner.inner and _holds(found[n], inner)]
        holders.append(sorted(around, key=lambda n: sum(s.end - s.start for s in found[n].content)))
    return holders


def _holds(outer: Triple, inner: Triple) -> bool:
    return any(span.covers(inner.cue[0]) for span in outer.content) and all(
        any(span.covers(part) for span in outer.content) for part in inner.content
    )


def _is_kept(reading: Reading, number: int, outers: list[int]) -> bool:
    """Nested relations stay when they report another party's statement."""
    if not outers:
        return True
    inner = reading.triples[number]
    if not inner.is_statement:
        return False
    if inner.quoted_as_saying:
        return True
    speaker, outer = reading.speakers[number], reading.speakers[outers[0]]
    if reading.cast.in_quotation(inner.cue[0].start) and not _is_told(reading.text, inner, speaker):
        return False
    same = speaker.name is not None and speaker.name == outer.name
    printed = " ".join(inner.source[0].of(reading.text).split()).lower()
    if speaker.name is not None or printed not in PERSONAL | RELATIVE:
        return not same
    return printed in SINGULAR_PERSON and parties.is_plural(outer.description)  # sources said he said


def _is_told(text: str, inner: Triple, speaker: Party) -> bool:
    """Between quotation marks only a party that can speak, and a plain verb of saying, make a statement."""
    if inner.cue[0].of(text)[0].isupper() or (speaker.name is None and speaker.kind == "organisation"):
        return False
    return inner.verb is None or (inner.verb.takes("b", "o", "w") and not inner.verb.takes("s"))


# --- speakers --------------------------------------------------------------------------------------


def _resolve_speakers(reading: Reading, outers: list[list[int]]) -> None:
    setting = Setting()
    for number, triple in enumerate(reading.triples):
        sentence = reading.cast.sentence_at(triple.cue[0].start)
        _enter_account(reading, sentence)
        account = reading.account
        setting.narrator = account.narrator if account else None
        setting.participants = account.participants if account else ()
        setting.hedged = relay.is_hedged(reading.text, triple)
        setting.quoting = _quoting(reading, number, outers[number])
        party = _own_words(reading, number, outers[number]) or reading.cast.resolve(
            triple.source, triple.content, setting
        )
        reading.speakers.append(party)
        person = reading.cast.person_named(party)
        if not outers[number] and (person is not None or _is_unnamed_one(party)):
            setting.last_speaker, setting.last_sentence = person, sentence
            setting.unnamed = party if person is None else None
        _leave_account(reading, person, party, sentence, outers[number])


def _is_anothers_voice(reading: Reading, number: int) -> bool:
    """Between quotation marks, or in *recalled him saying*, the one who tells it is not *he*."""
    triple = reading.triples[number]
    return triple.quoted_as_saying or reading.cast.in_quotation(triple.cue[0].start)


def _quoting(reading: Reading, number: int, outers: list[int]) -> Person | None:
    """Whose quotation a relation stands in: they are not the *he* of whom they speak."""
    if not _is_anothers_voice(reading, number):
        return None
    known = (reading.cast.person_named(reading.speakers[n]) for n in outers if n < len(reading.speakers))
    return next((person for person in known if person is not None), None)


def _is_unnamed_one(party: Party) -> bool:
    """*A police officer*: one person, whom a later *he* may mean."""
    first = party.description.split(" ", 1)[0].lower()
    return (
        party.kind == "unnamed" and first in {"a", "an", "one", "another"} and not parties.is_plural(party.description)
    )


def _own_words(reading: Reading, number: int, outers: list[int]) -> Party | None:
    """*Roe said HE had told Lee*: a pronoun inside reported speech means the one who reports.

    Not between quotation marks: there they would say *I*.
    """
    triple = reading.triples[number]
    if _is_anothers_voice(reading, number):
        return None
    done = [n for n in outers if n < len(reading.speakers)]
    if not done or not triple.source:
        return None
    printed = triple.source[0].of(reading.text).lower()
    party = reading.speakers[done[0]]
    person = reading.cast.person_named(party)
    gender = {"he": "m", "she": "f"}.get(printed)
    if gender is None or person is None or person.gender not in ("", gender):
        return None
    return replace(party, description=printed, how="pronoun", confidence=0.7)


def _enter_account(reading: Reading, sentence: int) -> None:
    account = relay.account_over(reading.cast, reading.accounts, sentence)
    if account is not None and account.begins > reading.ended:
        reading.account = account
    elif account is None:
        reading.account = None


def _leave_account(reading: Reading, person: Person | None, party: Party, sentence: int, outers: list[int]) -> None:
    """Another party's own statement ends the account."""
    account = reading.account
    if account is None or outers or sentence == account.begins or party.how == "nobody":
        return
    if person is not None and (person is account.narrator or person in account.participants):
        return
    reading.account, reading.ended = None, sentence


# --- candidates ------------------------------------------------------------------------------------


def _candidate(reading: Reading, number: int, outers: list[list[int]], place: dict[int, int]) -> AttributionCandidate:
    text, triple, speaker = reading.text, reading.triples[number], reading.speakers[number]
    sentence = reading.cast.sentences[reading.cast.sentence_at(triple.cue[0].start)]
    quoted = share_quoted(text, list(triple.content), reading.cast.quotations_over(hull(triple.content)))
    venue = relay.venue(text, sentence, triple.content)
    relays = _relays(reading, number, [n for n in outers[number] if n in place])
    return AttributionCandidate(
        source=triple.source,
        cue=triple.cue,
        content=triple.content,
        form="indirect" if quoted == 0 else "direct" if quoted > 0.97 else "mixed",
        speech=_is_speech(text, triple, quoted)
        and not _is_denied(text, triple)
        and not _is_asked(reading, triple, quoted),
        speaker=speaker,
        relays=relays,
        hedged=relay.is_hedged(text, triple) or any(not r.is_stated for r in relays),
        sourcing=relay.sourcing([step.step for step in relays], pickup=relay.is_pickup(venue, reading.outlet)),
        venue=venue,
        confidence=confidence.of_attribution(triple.confidence, speaker.how, [step.inferred for step in relays]),
        wraps=_wrapped(reading, number, outers, place),
    )


def _is_speech(text: str, triple: Triple, quoted: float) -> bool:
    """True when something was said, not believed or wished, and not merely spoken about by somebody or other."""
    if not quoted and not triple.source:
        return False
    if triple.verb is None:
        return True
    topic = triple.content[0].of(text).split(" ", 1)[0].lower() in TOPIC
    return triple.verb.is_speech and (quoted > 0 or (triple.verb.takes("t", "b", "q", "n", "w") and not topic))


def _is_denied(text: str, triple: Triple) -> bool:
    """*did not say*, *never said*: the article reports that it was not said."""
    cue = triple.cue[0].of(text)
    before = text[max(0, triple.cue[0].start - 12) : triple.cue[0].start] + cue
    return NOT_SAID.search(cue) is not None or UNSAID.search(before if "yet to" in before else cue) is not None


def _is_asked(reading: Reading, triple: Triple, quoted: float) -> bool:
    """*Did Lee say so?*: asked by the article, said by nobody."""
    sentence = reading.cast.sentences[reading.cast.sentence_at(triple.cue[0].start)].span
    words = sentence.of(reading.text)
    return not quoted and words.endswith("?") and ASKED_WHETHER.match(words) is not None


def _wrapped(reading: Reading, number: int, outers: list[list[int]], place: dict[int, int]) -> int | None:
    """The statement that fills this one's content, if one does."""
    content = reading.triples[number].content
    length = sum(span.end - span.start for span in content)
    for inner in range(max(0, number - NEIGHBOURS), min(len(outers), number + NEIGHBOURS + 1)):
        if outers[inner][:1] == [number] and inner in place:
            extent = reading.triples[inner].extent
            held = sum(min(s.end, extent.end) - max(s.start, extent.start) for s in content if s.overlaps(extent))
            if held >= WRAPPED_SHARE * length:
                return place[inner]
    return None


def _drop_lost_wrap(candidate: AttributionCandidate, found: Sequence[AttributionCandidate]) -> AttributionCandidate:
    """A wrapper stays a statement of its own when what it wraps is no speech."""
    if candidate.wraps is None or found[candidate.wraps].speech:
        return candidate
    return replace(candidate, wraps=None)


def _relays(reading: Reading, number: int, outers: list[int]) -> tuple[RelayCandidate, ...]:
    """The chain from the speaker to the article, the step nearest the speaker first."""
    text, triple = reading.text, reading.triples[number]
    steps: list[RelayCandidate] = []
    own = relay.cue_relay(text, triple, reading.cast)
    if own is not None and own.is_stated:
        steps.append(own)
    channel = False
    for outer in outers:
        party, wrapper = reading.speakers[outer], reading.triples[outer]
        is_self = party.label is not None and party.label == reading.speakers[number].label
        if relay.arrives_as_made(text, wrapper, triple):
            channel = True
        elif relay.is_channel(party, wrapper):
            owner = relay.channel_owner(party, reading.speakers[number])
            channel = True
            if owner is not None:
                steps.append(RelayCandidate(owner, wrapper.cue, wrapper.source))
        elif not is_self and not _is_own_outlet(party, reading.outlet):
            cited = relay.cited_by(reading.cast, wrapper)
            steps += [*([cited] if cited else []), RelayCandidate(party, wrapper.cue, wrapper.source)]
            book = relay.book_behind(reading.cast, wrapper)
            if book is not None and book.party.label != party.label:
                steps.append(book)
    if not steps and not channel:
        steps += _inferred(reading, number) or ([own] if own else [])
    return tuple(steps)


def _is_own_outlet(party: Party, outlet: str) -> bool:
    return bool(outlet) and party.kind == "outlet" and (party.name or "").lower() == outlet.lower()


def _inferred(reading: Reading, number: int) -> list[RelayCandidate]:
    """The narrator of the account the statement stands in, when somebody else is speaking."""
    triple, speaker = reading.triples[number], reading.speakers[number]
    at = reading.cast.sentence_at(triple.cue[0].start)
    account = relay.account_over(reading.cast, reading.accounts, at)
    if account is None or at <= account.begins or not _inside(reading, account, number, at):
        return []
    person = reading.cast.person_named(speaker)
    if person is account.narrator or (person is not None and person not in account.participants):
        return []
    if person is None and speaker.how != "nobody":
        return []
    if relay.speaks_for_itself(reading.text, reading.cast.sentences[at], triple.content):
        return []
    narrator = account.narrator
    party = narrator.as_party(narrator.name, "name", 0.6)
    return [RelayCandidate(party, (account.cue,), (), inferred=True)]


def _inside(reading: Reading, account: Account, before: int, sentence: int) -> bool:
    """False once another party's statement, standing between, has ended the account."""
    for number in range(before - 1, -1, -1):
        triple = reading.triples[number]
        at = reading.cast.sentence_at(triple.cue[0].start)
        if at <= account.begins:
            return True
        if at == sentence or triple.inner:
            continue
        party = reading.speakers[number]
        person = reading.cast.person_named(party)
        belongs = person is not None and (person is account.narrator or person in account.participants)
        if not belongs and party.how != "nobody":
            return False
    return True
