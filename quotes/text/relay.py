"""Who told whom: the intermediaries between a speaker and the article.

A relay is found in one of four ways: a wrapping attribution (*…, according to Ushakov*), a cue that says
so (*was quoted by Interfax as saying*), a hedge without a name (*reportedly said*), or a passage that is
introduced as somebody's account of a talk (inferred). What counts as a relay is defined in docs/glossary.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from quotes.text import parties
from quotes.text.coreference import Cast
from quotes.text.gazetteer import outlet_named, without_article
from quotes.text.lexicon import HEDGES
from quotes.text.parties import Party
from quotes.text.person import Person
from quotes.text.rules import Triple
from quotes.text.sentences import Sentence
from quotes.text.spans import Span

Sourcing = Literal["record", "firsthand", "pickup", "secondhand", "secondhand_unnamed", "thirdhand", "not_stated"]
Step = Literal["named", "unnamed", "not stated"]
"""All that the class depends on, of one relay."""

TIED = (
    "aide|adviser|advisor|lawyer|attorney|spokesman|spokeswoman|spokesperson|ally|rival|opponent|critic|friend|wife|husband|"
    "son|daughter|brother|sister|assistant|secretary|chief of staff|campaign manager|supporter|donor|colleague"
)
TIE = re.compile(
    rf"(?:[A-Z][\w.-]+ ){{0,3}}[A-Z][\w.-]+['’]s? (?:\w+ ){{0,2}}?(?:{TIED})s?\b"
    rf"|\b(?:{TIED})s? (?:to|of|for) (?:(?:the|his|her|their) )?[\w.’-]+(?: [\w.’-]+){{0,3}}"
)
NOT_STATED = Party(None, "", "unnamed", "nobody")
"""The intermediary of *reportedly said*: there is one, and the text does not say who."""


@dataclass(frozen=True, slots=True)
class RelayCandidate:
    """One step between the speaker and the article, with the words that say so."""

    party: Party
    cue: tuple[Span, ...]
    mention: tuple[Span, ...] = ()
    inferred: bool = False

    @property
    def interest(self) -> str:
        """Whose side the text ties the intermediary to, as printed: *aide to Mr Putin*, *Clinton’s lawyer*. Often empty."""
        for printed in (self.party.role, self.party.description):
            tie = TIE.search(printed)
            if tie:
                return tie.group()
        return ""

    @property
    def is_stated(self) -> bool:
        return bool(self.party.name or self.party.description)

    @property
    def step(self) -> Step:
        if not self.is_stated:
            return "not stated"
        return "unnamed" if is_unnamed(self.party) else "named"


@dataclass(frozen=True, slots=True)
class Account:
    """A passage that tells, on one person's word, what others said to each other."""

    narrator: Person
    participants: tuple[Person, ...]
    cue: Span
    begins: int
    """Sentence index."""


TOLD = (
    r"(?:shar|releas|publish|recount|describ|relay|reveal|disclos|summaris|summariz|outlin|detail|recall|provid|post|brief|report|convey|present|quot|characteris|characteriz)(?:ed|es|e|ing)"
    r"|gave|gives|giving|read out|reads out|told|tells|retold|went through|spoke (?:to|with)|handed|played|showed|set out|laid out|passed on|confirm(?:ed|s|ing)|walked"
)
TALK = (
    r"(?:recorded |taped )?(?:comments|remarks|recordings?|conversations?|calls?|talks?|meetings?|exchanges?|discussions?|dialogue|"
    r"negotiations|summit|encounter|readout|contents?|account|version|details|particulars|substance|what (?:was|had been) said)"
)
AUDIENCE = r"(?:journalists|reporters|the (?:press|media|newspaper|agency|channel|briefing)|correspondents|lawmakers|newspapers|state (?:media|television|TV)|(?:an?|the) (?:(?:local|national|regional|state|daily|weekly) )?(?:newspaper|paper|radio|radio station|television|television station|TV station|station|broadcaster|magazine|channel)|an? (?:briefing|interview)|a press conference)"
BETWEEN = r"(?:two|both) (?:\w+ )?(?:leaders|presidents|ministers|men|women|sides|prime ministers|heads|chancellors|politicians|diplomats|officials)|the (?:pair|leaders|presidents|ministers)|between|with his|with her|each other|conversation|phone call|telephone"
ACCOUNT = re.compile(rf"\b(?P<told>{TOLD})\b(?P<gap>[^.;]{{0,80}}?)\b(?P<talk>{TALK})\b", re.I)
ACCOUNT_NOUN = re.compile(
    r"\b(?:in|by|from|according to) (?P<whose>[^,.;]{2,60}?)(?:'s|’s|s'|s’)? (?:own )?(?P<what>account|telling|version|summary|readout|retelling|description) of\b[^.;]{0,40}\b(?:calls?|talks?|conversation|meeting|exchange|summit|discussion)",
    re.I,
)
OWN_CHANNEL = re.compile(
    r"\b(?:told (?:reporters|journalists)|wrote|tweeted|posted|said (?:\w+ )?(?:in|on|at|during) (?:an? |his |her |the )?(?:\w+ )?(?:statement|interview|speech|post|press conference|news conference|rally|televised|x\b|twitter|truth social|telegram|facebook))",
    re.I,
)
QUOTED_BY = re.compile(r"\bquoted (?:\w+ )?by (?P<who>.+?) as (?:saying|telling|having)\b", re.I | re.S)
VENUE = re.compile(
    r"\b(?:told|tells|telling|interview(?:ed)? (?:with|on|by|for|to)|speaking (?:to|on|with)|spoke (?:to|with)|appear(?:ed|ing|ance) on|statement to|op-ed (?:in|for)|wrote in|on)\s+(?P<who>(?:the\s|The\s)?(?:[A-Z“\"][\w&.’'-]*[”\"]?\s?){1,5})"
)
TRAILING_BY = re.compile(r"\sby\s(?P<who>(?:the\s)?[A-Z][\w&-]*(?:\s[A-Z][\w&-]*)*)")
SAID_TO_HAVE = re.compile(r"\b(?:is|are|was|were|been)\b.*\bto have\b")
CITING = re.compile(r",\s(?P<cue>citing|quoting)\s(?P<who>[^,.;:“”\"\n]{3,70})")
WRITTEN = re.compile(r"\b(?:posts?|tweets?|letters?|e-?mails?|blog|website|filings?|memoir|book)$", re.I)
PRONOMINAL = re.compile(r"(?:his|her|their|my|our|its)\b", re.I)
CARRIED = re.compile(
    r"\b(?:video|videotape|audio|audiotape|recording|tape|footage|transcript|letter|e-?mail|memo)s?\b[^.;]{0,200}\b(?:in|on) which\b",
    re.I,
)
IN_BOOK = re.compile(
    r"\bin (?P<whose>[A-Z][\w.-]+(?: [A-Z][\w.-]+)*)['’]s? (?:\w+ )?(?:book|biography|documentary|memoir|film)\b"
)
COMPLEMENT = re.compile(r"\b(?:to|of|for|with|between|and|about|on)\s(?:[\w.’'-]+\s){0,3}$")
LEADERS = frozenset(("president", "leader", "prime minister", "chancellor", "minister", "secretary", "king", "chief"))
NEARBY = 400
"""Characters around a content within which its venue is named."""

LONGEST_ACCOUNT = 8
"""Paragraphs an account may run on without its narrator being named again."""


# --- explicit relays -------------------------------------------------------------------------------


def is_channel(party: Party, outer: Triple) -> bool:
    """True for a transcript, a recording, the speaker's own letter: words that arrive as they were made."""
    if party.kind != "document" or (outer.verb is not None and outer.verb.lemma in {"quote", "cite"}):
        return False
    head = parties.head_noun(party.description)
    return head in parties.CHANNEL_NOUNS and "report" not in party.description.lower()


def channel_owner(party: Party, speaker: Party) -> Party | None:
    """*according to THE SCHOOL’s Facebook post*: what somebody else wrote about the words is no channel of them."""
    owner, mark, work = party.description.replace("’s ", "'s ").rpartition("'s ")
    if (
        not mark
        or not WRITTEN.search(work)
        or PRONOMINAL.match(owner)
        or parties.names_share(owner, speaker.label or "")
    ):
        return None
    return parties.organisation(owner)


def arrives_as_made(text: str, wrapper: Triple, inner: Triple) -> bool:
    """*reported that she had obtained video IN WHICH Lee said*: the words themselves were heard or read."""
    start = min(span.start for span in wrapper.content)
    end = min(span.start for span in (*inner.source, *inner.cue))
    return start < end and CARRIED.search(text, start, end) is not None


def cited_by(cast: Cast, wrapper: Triple) -> RelayCandidate | None:
    """*according to Roe, CITING A SOURCE,*: who told the one that tells it."""
    match = CITING.match(cast.text, wrapper.source[-1].end) if wrapper.source else None
    if match is None:
        return None
    who = Span(*match.span("who"))
    return RelayCandidate(name_party(cast, who), (Span(*match.span("cue")),), (who,))


def book_behind(cast: Cast, wrapper: Triple) -> RelayCandidate | None:
    """*as recalled by Lee in ROE’S BOOK*: the work in which the account is told."""
    last = max(span.end for span in wrapper.source) if wrapper.source else wrapper.cue[-1].end
    match = IN_BOOK.search(cast.text, last, cast.sentences[cast.sentence_at(last - 1)].span.end)
    if match is None or cast.in_quotation(match.start()):
        return None
    whose = Span(*match.span("whose"))
    return RelayCandidate(name_party(cast, whose), (Span(*match.span()),), (whose,))


def cue_relay(text: str, triple: Triple, cast: Cast) -> RelayCandidate | None:
    """*was quoted (by X) as saying* and *reportedly said*."""
    words = triple.cue[0].of(text)
    trailing = TRAILING_BY.match(text, triple.cue[-1].end) if "quoted" in words else None
    if trailing:
        span = Span(*trailing.span("who"))
        return RelayCandidate(name_party(cast, span), triple.cue, (span,))
    quoted = QUOTED_BY.search(words)
    if quoted:
        span = Span(triple.cue[0].start + quoted.start("who"), triple.cue[0].start + quoted.end("who"))
        return RelayCandidate(name_party(cast, span), triple.cue, (span,))
    if re.search(r"\bquoted as (?:saying|telling|having)\b", words, re.I) or is_hedged(text, triple):
        return RelayCandidate(NOT_STATED, triple.cue)
    return None


def is_hedged(text: str, triple: Triple) -> bool:
    """Words of doubt in print about whether it was said."""
    cue = " ".join(span.of(text) for span in triple.cue).lower()
    return bool(set(re.findall(r"\w+", cue)) & HEDGES) or SAID_TO_HAVE.search(cue) is not None


def name_party(cast: Cast, span: Span) -> Party:
    from_people = [person for mention, person in cast.mentions(span.start, span.end) if span.covers(mention.span)]
    phrase = " ".join(span.of(cast.text).split())
    if from_people:
        person = from_people[-1]
        return person.as_party(phrase, "name", 0.95)
    kind = parties.unnamed_kind(phrase)
    if kind == "outlet":
        outlet = outlet_named(phrase)
        return Party(outlet.name if outlet else phrase, phrase, "outlet", "name", 0.9)
    return parties.organisation(phrase) if kind == "organisation" else Party(None, phrase, kind, "as printed", 0.8)


def venue(text: str, sentence: Sentence, content: Sequence[Span]) -> str:
    """The outlet or programme the speaker talked to, as printed: *told CNN*. Empty when none is named."""
    start, end = max(sentence.span.start, content[0].start - NEARBY), min(sentence.span.end, content[-1].end + NEARBY)
    for match in VENUE.finditer(text, start, end):
        if any(span.start <= match.start() < span.end for span in content):
            continue
        words = match["who"].strip(' \n“”".,').split()
        for size in range(len(words), 0, -1):
            outlet = outlet_named(" ".join(words[:size]))
            if outlet:
                return outlet.name
    return ""


# --- inferred relays -------------------------------------------------------------------------------


def accounts(cast: Cast) -> list[Account]:
    """Passages introduced as one person's account of a talk."""
    found = []
    for number, sentence in enumerate(cast.sentences):
        account = _account_at(cast, number, sentence)
        if account is not None:
            found.append(account)
    return found


def _account_at(cast: Cast, number: int, sentence: Sentence) -> Account | None:
    words = sentence.span.of(cast.text)
    begins = sentence.span.start
    match = ACCOUNT.search(words)
    if match and _is_account(words, match):
        narrator = _teller(cast, begins, begins + match.start("told"))
        cue = Span(begins + match.start("told"), begins + match.end("talk"))
    else:
        match = ACCOUNT_NOUN.search(words)
        if match is None:
            return None
        narrator = _teller(cast, begins + match.start("whose"), begins + match.start("what"))
        cue = Span(begins + match.start("what"), begins + match.end())
    if narrator is None or cast.in_quotation(cue.start):
        return None
    return Account(narrator, _participants(cast, number, narrator), cue, number)


def _is_account(words: str, match: re.Match[str]) -> bool:
    """The talk must be with others, and told to somebody or told at length."""
    around = words[match.end("told") :]
    told_to = re.search(AUDIENCE, around, re.I)
    between = re.search(BETWEEN, around, re.I)
    is_recital = re.match(
        r"(?:recount|relay|summari[sz]|recall|describ|outlin|detail|gave|gives|read out|convey|brief)",
        match["told"],
        re.I,
    )
    return bool(between and (told_to or is_recital)) or bool(
        told_to and re.match(r"recorded|taped|recording|readout|account|version|details", match["talk"], re.I)
    )


def _teller(cast: Cast, start: int, end: int) -> Person | None:
    """The person named last from `start` to `end` who is no complement: *(Ushakov), an aide to Putin, described*."""
    for mention, person in reversed(cast.mentions(start, end)):
        possessive = (
            cast.text.startswith(("'s", "’s"), mention.span.end) and cast.text[mention.span.end + 2 : end].strip()
        )
        complement = COMPLEMENT.search(cast.text[start : mention.span.start])
        if not possessive and not complement and not cast.in_quotation(mention.span.start):
            return person
    return None


def _participants(cast: Cast, number: int, narrator: Person) -> tuple[Person, ...]:
    """Those named around the introduction who may have taken part in the talk, nearest first."""
    first = cast.sentences[max(0, number - 4)].span.start
    last = cast.sentences[min(len(cast.sentences) - 1, number + 1)].span.end
    near = {person: m.span.start for m, person in cast.mentions(first, last) if person is not narrator}
    leaders = {person: at for person, at in near.items() if any(d.noun in LEADERS for d in person.descriptions)}
    chosen = leaders if len(leaders) >= 2 else near
    return tuple(sorted(chosen, key=lambda person: -chosen[person])[:3])


def account_over(cast: Cast, known: list[Account], sentence: int) -> Account | None:
    """The account a sentence may belong to: the last one begun, while its narrator stays in view."""
    begun = [account for account in known if account.begins <= sentence]
    if not begun:
        return None
    account = begun[-1]
    last = account.narrator.last_before(cast.sentences[sentence].span.end)
    seen = cast.sentences[max(account.begins, cast.sentence_at(last.span.start) if last else 0)]
    away = cast.sentences[sentence].paragraph - seen.paragraph
    return account if away <= LONGEST_ACCOUNT else None


def speaks_for_itself(text: str, sentence: Sentence, content: Sequence[Span]) -> bool:
    """A statement that names its own channel (*wrote on Telegram*, *told reporters*) needs no narrator."""
    match = OWN_CHANNEL.search(text, sentence.span.start, sentence.span.end)
    return match is not None and not any(span.start <= match.start() < span.end for span in content)


# --- the class that follows ------------------------------------------------------------------------


def sourcing(chain: Sequence[Step], *, pickup: bool = False) -> Sourcing:
    """The sourcing class, derived from the relays alone (and from whose interview it was)."""
    if len(chain) >= 2:
        return "thirdhand"
    if chain:
        return {"named": "secondhand", "unnamed": "secondhand_unnamed", "not stated": "not_stated"}[chain[0]]  # type: ignore[return-value]
    return "pickup" if pickup else "firsthand"


def is_pickup(venue_name: str, outlet: str) -> bool:
    """True when the speaker talked to another outlet than the one that prints it."""
    return bool(venue_name and outlet) and without_article(venue_name).lower() not in outlet.lower()


def is_unnamed(party: Party) -> bool:
    return party.name is None and party.kind in {"unnamed", "group", "person"}
