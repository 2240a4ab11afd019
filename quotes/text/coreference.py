"""Who is meant by *he*, *the presidential aide*, *the US president*, *its defence ministry*.

One `Cast` holds what a text says of its people. Answers come with a confidence; where two people fit
about as well, none is chosen and both are kept as candidates.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from quotes.text import descriptions, nations, parties
from quotes.text.descriptions import Description, describe
from quotes.text.gazetteer import outlet_named
from quotes.text.lexicon import DETERMINERS, POSSESSIVES, RELATIVE, SINGULAR_PERSON, person_nouns, plural_person_nouns
from quotes.text.names import Mention, Person, from_office, people
from quotes.text.offices import Offices, Term
from quotes.text.parties import NOBODY, Party
from quotes.text.quotation import Quotation, quotations
from quotes.text.sentences import Sentence, sentences
from quotes.text.spans import Span

DEFINITE = re.compile(r"\b(?:[Tt]he|[Tt]his|[Tt]hat)\s(?P<what>[\w’'-]+(?:\.[\w.]+)?(?:[ \xa0][\w.’'-]+){0,4})")
POSSESSED_COUNTRY = re.compile(r"\b([A-Z][\w.]+(?:\s[A-Z]\w+)?)['’]s\s")
VOCATIVE_FIRST = re.compile(r"^[\W_]*(?P<name>[A-Z][\w’-]+)(?:\s[A-Z][\w’-]+)?\s?[,!—–-]\s")
VOCATIVE_LAST = re.compile(r",\s(?P<name>[A-Z][\w’-]+)\s?[.!?,]?[\W_]*$")
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
    hedged: bool = False


@dataclass(slots=True, eq=False)
class Cast:
    """The people of one text, and where every sentence and quotation lies."""

    text: str
    day: date | None = None
    terms: Iterable[Term] = ()
    offices: Offices = field(init=False)
    quoted: list[Quotation] = field(init=False)
    sentences: list[Sentence] = field(init=False)
    people: list[Person] = field(init=False)
    _starts: list[int] = field(init=False)
    _quote_starts: list[int] = field(init=False)
    _placed: list[tuple[Mention, Person]] = field(init=False)
    _place_starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.offices = Offices(self.day, self.terms)
        self.quoted = quotations(self.text)
        self._quote_starts = [quotation.outer.start for quotation in self.quoted]
        self.sentences = sentences(self.text, self.quoted)
        self._starts = [sentence.span.start for sentence in self.sentences]
        self.people = people(self.text, self.offices)
        self._find_described()
        placed = [(mention, person) for person in self.people for mention in person.mentions]
        self._placed = sorted(placed, key=lambda pair: pair[0].span)
        self._place_starts = [mention.span.start for mention, _ in self._placed]

    # --- places ---

    def sentence_at(self, position: int) -> int:
        return max(0, bisect_right(self._starts, position) - 1)

    def in_quotation(self, position: int) -> bool:
        before = bisect_right(self._quote_starts, position) - 1
        return before >= 0 and position < self.quoted[before].outer.end

    def quotations_over(self, span: Span) -> list[Quotation]:
        """The quotations that overlap a span."""
        first = max(0, bisect_right(self._quote_starts, span.start) - 1)
        last = bisect_right(self._quote_starts, span.end)
        return [quotation for quotation in self.quoted[first:last] if quotation.outer.overlaps(span)]

    def mentions(self, start: int, end: int) -> list[tuple[Mention, Person]]:
        """Everyone mentioned from `start` up to `end`, in text order."""
        first, last = bisect_left(self._place_starts, start), bisect_left(self._place_starts, end)
        return self._placed[first:last]

    def opens_sentence(self, mention: Mention) -> bool:
        return mention.span.start - self._starts[self.sentence_at(mention.span.start)] < 40

    # --- descriptions ---

    def _find_described(self) -> None:
        """Lists *the Russian president* among the mentions of whoever it means."""
        for match in DEFINITE.finditer(self.text):
            phrase = _until_noun(match["what"])
            if phrase is None or self.in_quotation(match.start()):
                continue
            span = Span(match.start(), match.start("what") + len(phrase))
            if re.match(r"\s[A-Z]", self.text[span.end : span.end + 2]):
                continue  # the title of the name that follows
            person = self.described(phrase, span.start)
            if person is not None:
                person.mentions.append(Mention(span, "description"))
                person.mentions.sort(key=lambda mention: mention.span)

    def described(self, phrase: str, position: int) -> Person | None:
        """The one person `phrase` fits: known from the text before `position`, else by the day's offices."""
        fitting = self.fitting(phrase, position)
        if len(fitting) == 1:
            return fitting[0]
        described = describe(phrase)
        if fitting or described is None or described.country is None or described.former:
            return None
        return self._by_office(described)

    def fitting(self, phrase: str, position: int) -> list[Person]:
        """Everyone mentioned before `position` whom `phrase` fits, the best kind of fit only."""
        before = [person for person in self.people if person.last_before(position)]
        party = descriptions.party_of(phrase)
        if party is not None:
            return [person for person in before if person.party == party]
        nation = nations.nationality(phrase)
        if nation is not None:
            return [person for person in before if _is_of_nation(person, *nation)]
        described = describe(phrase)
        if described is None:
            return []
        holders = self._by_office(described) if described.country else None
        if holders is not None:
            return [holders]
        return [person for person in before if person.is_described_by(described)]

    def _by_office(self, described: Description) -> Person | None:
        """The current holder of the office described, when there is exactly one."""
        if described.country is None or described.former:
            return None
        holders: dict[str, Term] = {}
        for term in self.offices.current:
            if term.country == described.country and any(
                _names_office(described, d) for d in descriptions.of_term(term)
            ):
                holders[term.holder] = term
        if len(holders) != 1:
            return None
        name = next(iter(holders))
        for person in self.people:
            if person.name == name:
                return person
        person = from_office(name, self.offices)
        self.people.append(person)
        return person

    # --- sources ---

    def resolve(self, source: Sequence[Span], content: Sequence[Span], setting: Setting) -> Party:
        """Who the source of an attribution is."""
        if not source:
            return self._unstated(setting)
        span = source[0]
        phrase = " ".join(span.of(self.text).split())
        lower = phrase.lower()
        if lower in SINGULAR_PERSON:
            return self._pronoun(SINGULAR_PERSON[lower], span.start, content, setting, phrase)
        if lower in RELATIVE:
            return self._relative(span, content, setting)
        if lower in parties.GROUP_WORDS or lower in {"you", "i"}:
            return Party(None, phrase, "group", "nobody" if lower in {"you", "i", "we", "they"} else "as printed", 0.3)
        if lower == "it":
            return self._it(span.start, phrase)
        return self._named(span, phrase) or self._other(span, phrase)

    def person_named(self, party: Party) -> Person | None:
        return next((p for p in self.people if p.name == party.name), None) if party.name else None

    def _unstated(self, setting: Setting) -> Party:
        if setting.last_speaker is None:
            return NOBODY
        return setting.last_speaker.as_party("", "pronoun", 0.4)

    def _named(self, span: Span, phrase: str) -> Party | None:
        """A person's name that is the head of the phrase, or a description that fits one person."""
        if _several_names(phrase):
            return Party(None, phrase, "group", "as printed", 0.7)
        for mention, person in self.mentions(span.start, span.end):
            if mention.how != "description" and mention.span.end <= span.end + 2 and self._is_head(span, mention.span):
                role = person.role or (" ".join(Span(span.start, mention.span.start).of(self.text).split()))
                return person.as_party(phrase, "name", 0.98, role=_bare_role(role))
        beside = self._named_beside(span)
        if beside is not None:
            return beside.as_party(phrase, "name", 0.95)
        fitting = self.fitting(phrase, span.start)
        if len(fitting) == 1:
            person = fitting[0]
            how: parties.How = "epithet" if descriptions.party_of(phrase) else "title"
            return person.as_party(phrase, how, 0.85)
        if len(fitting) > 1:
            return self._choose_described(fitting, span.start, phrase)
        office = self.described(phrase, span.start)
        if office is not None:
            return office.as_party(phrase, "dated title", 0.85)
        return None

    def _named_beside(self, source: Span) -> Person | None:
        """*the mayor, Margaret Dunne,*: the name in apposition to a description."""
        if self.text[source.end : source.end + 2] != ", " or describe(source.of(self.text)) is None:
            return None
        for mention, person in self.mentions(source.end + 2, source.end + 3):
            if self.text[mention.span.end : mention.span.end + 1] in ",.;:" or mention.span.end == len(self.text):
                return person
        return None

    def _is_head(self, source: Span, name: Span) -> bool:
        """*Gowdy spokesman Jamal Ware*: the name that no further noun or *of*, *for* governs."""
        before = self.text[source.start : name.start]
        after = self.text[name.end : source.end].strip()
        if re.search(r"\b(?:of|for|from|to|with|by|close to|familiar with)\s+(?:[\w.’'-]+\s){0,4}$", before):
            return False
        if after.startswith(("'", "’")):
            return False
        return not re.match(r"[a-z]", after) or bool(re.match(r"(?:of|who|and|from|in|himself|herself|at)\b", after))

    def _choose_described(self, fitting: list[Person], position: int, phrase: str) -> Party:
        """Of several, the one named last, unless another was named just as near."""
        ranked = sorted(fitting, key=lambda person: -_last_start(person, position))
        here = self.sentence_at(position)
        distances = [here - self.sentence_at(_last_start(person, position)) for person in ranked[:2]]
        if distances[1] - distances[0] >= 3:
            return ranked[0].as_party(phrase, "title", 0.6, _odds([1.5, 0.5], ranked[:2]))
        return Party(None, phrase, "person", "nobody", 0.3, _odds([1.0] * len(ranked), ranked))

    def _other(self, span: Span, phrase: str) -> Party:
        if nations.nationality(phrase):
            return Party(None, phrase, "person", "nobody", 0.2)
        kind = parties.unnamed_kind(phrase)
        if kind == "outlet":
            outlet = outlet_named(re.sub(r"['’]s .*$", "", phrase))
            return Party(outlet.name if outlet else phrase, phrase, "outlet", "name", 0.9)
        if kind == "organisation":
            owner = self._owner(span.start) if phrase.split()[0].lower() in POSSESSIVES else None
            return parties.organisation(phrase, owner)
        return Party(None, phrase, kind, "as printed", 0.8)

    def _owner(self, position: int) -> str | None:
        """The country or other body that *its* at `position` refers to."""
        here = self.sentence_at(position)
        sentence = self.text[self._starts[here] : position]
        before = self.text[self._starts[max(0, here - 1)] : self._starts[here]]
        return nations.country_meant(sentence) or nations.owner_meant(sentence) or nations.country_meant(before)

    def _it(self, position: int, phrase: str) -> Party:
        country = self._owner(position)
        if country is None:
            return Party(None, phrase, "organisation", "nobody", 0.2)
        return Party(country, phrase, "organisation", "pronoun", 0.5)

    def _relative(self, span: Span, content: Sequence[Span], setting: Setting) -> Party:
        """*Lee, WHO said*: the phrase right before it."""
        near = [
            (mention.span.end, person)
            for mention, person in self.mentions(max(0, span.start - 120), span.start)
            if mention.span.end <= span.start
        ]
        phrase = span.of(self.text)
        if phrase.lower() == "who" and near:
            end, person = max(near, key=lambda pair: pair[0])
            if not re.search(r"[.;:]", self.text[end : span.start]):
                return person.as_party(phrase, "pronoun", 0.8)
        if phrase.lower() in {"which", "that"} and setting.narrator is not None:
            return setting.narrator.as_party(phrase, "pronoun", 0.5)
        return Party(None, phrase, "unnamed", "nobody", 0.2)

    # --- pronouns ---

    def _pronoun(self, gender: str, position: int, content: Sequence[Span], setting: Setting, phrase: str) -> Party:
        barred = self._cannot_speak(content)
        scored = sorted(
            (
                (score, number, person)
                for number, person in enumerate(self.people)
                if person not in barred
                and person.gender in ("", gender)
                and (score := self._score(person, gender, position, setting)) is not None
            ),
            key=lambda entry: (-entry[0], entry[1]),
        )
        if not scored:
            return Party(None, phrase, "person", "nobody", 0.1)
        ranked = [person for _, _, person in scored]
        odds = _odds([score for score, _, _ in scored], ranked)
        if len(scored) > 1 and scored[0][0] - scored[1][0] < CLEAR_LEAD:
            return Party(None, phrase, "person", "nobody", odds[0][1], odds[:4])
        return ranked[0].as_party(phrase, "pronoun", odds[0][1], odds[:4])

    def _score(self, person: Person, gender: str, position: int, setting: Setting) -> float | None:
        """How well a person fits a pronoun at `position`; weights set by hand on training articles."""
        here = self.sentence_at(position)
        mentions = [m for m in person.mentions if m.span.start < position and not self.in_quotation(m.span.start)]
        if not mentions:
            return None
        last = mentions[-1]
        away = here - self.sentence_at(last.span.start)
        taking_part = person in setting.participants
        if away > REACH and not taking_part:
            return None
        score = -0.8 * min(away, 8)
        score += 0.9 if self.opens_sentence(last) else 0.0
        score += 0.5 if person.gender == gender else 0.0
        score += 0.15 * min(len(mentions), 4)
        if setting.last_speaker is person and here - setting.last_sentence <= 2:
            score += 1.8
        if setting.narrator is not None and setting.hedged:
            score += 3.5 if taking_part else -4.0 if person is setting.narrator else 0.0
        return score

    def _cannot_speak(self, content: Sequence[Span]) -> set[Person]:
        """Whom the words speak to, or of in the third person."""
        barred = set(self.addressees(content))
        for span in content:
            words = span.of(self.text)
            for person in self.people:
                if re.search(rf"\b{re.escape(person.surname)}\b", words):
                    barred.add(person)
        return barred

    def addressees(self, content: Sequence[Span]) -> list[Person]:
        """People called by first name or surname at an end of the quotation: *“Vladimir, you can …”*."""
        if not content:
            return []
        words = content[0].of(self.text)
        names = {m["name"] for m in (VOCATIVE_FIRST.match(words), VOCATIVE_LAST.search(words)) if m}
        return [person for person in self.people if person.first_name in names or person.surname in names]


def _is_of_nation(person: Person, country: str, gender: str) -> bool:
    """Somebody the text or the office table ties to a country by role."""
    known = any(description.country == country for description in person.descriptions)
    return known and (not gender or person.gender in ("", gender))


def _several_names(phrase: str) -> bool:
    """*Adam Roe and Paul Stone*: two who speak as one."""
    return re.search(r"^[A-Z][\w.’'-]+(?:\s[A-Z][\w.’'-]+)*(?:,\s[A-Z][^,]+)*,?\sand\s[A-Z]", phrase) is not None


def _until_noun(words: str) -> str | None:
    """The shortest run of words up to a noun for a person, longer when the noun goes on."""
    taken: list[str] = []
    best = None
    for word in words.replace("\xa0", " ").split(" "):
        taken.append(word)
        lower = word.lower().rstrip(".")
        if lower in plural_person_nouns():
            return None
        if lower in person_nouns() or descriptions.party_of(" ".join(taken)):
            best = " ".join(taken)
        elif best is not None:
            break
    return best


def _names_office(described: Description, office: Description) -> bool:
    """Stricter than `fits`: *the Russian presidential aide* is not every aide."""
    if descriptions.same_noun(described.noun) != descriptions.same_noun(office.noun):
        return False
    wanted = described.words - descriptions.EMPTY
    return wanted <= office.words and (bool(wanted) or not office.words)


def _last_start(person: Person, position: int) -> int:
    last = person.last_before(position)
    return last.span.start if last else -1


def _odds(scores: Sequence[float], ranked: Sequence[Person]) -> tuple[tuple[str, float], ...]:
    """Scores as shares of one (softmax)."""
    top = max(scores)
    weights = [2.718281828 ** (score - top) for score in scores]
    total = sum(weights)
    return tuple((person.name, round(weight / total, 3)) for person, weight in zip(ranked, weights, strict=True))


def _bare_role(role: str) -> str:
    words = role.split()
    while words and words[0].lower() in DETERMINERS | POSSESSIVES:
        words = words[1:]
    return " ".join(words).strip(" ,")
