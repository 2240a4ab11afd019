"""Who is meant by *he*, *the presidential aide*, *the US president*, *its defence ministry*.

One `Cast` holds what a text says of its people. Answers come with a confidence; where two people fit
about as well, none is chosen and both are kept as candidates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from quotes.text import descriptions, nations, parties, pronouns
from quotes.text.descriptions import Description, describe
from quotes.text.gazetteer import outlet_named
from quotes.text.lexicon import DETERMINERS, POSSESSIVES, RELATIVE, SINGULAR_PERSON, person_nouns, plural_person_nouns
from quotes.text.names import from_office, people
from quotes.text.offices import Offices, Term
from quotes.text.parties import NOBODY, Party
from quotes.text.person import Mention, Person
from quotes.text.pronouns import Setting, odds
from quotes.text.scene import Scene
from quotes.text.spans import Span

DEFINITE = re.compile(r"\b(?:[Tt]he|[Tt]his|[Tt]hat)\s(?P<what>[\w’'-]+(?:\.[\w.]+)?(?:[ \xa0][\w.’'-]+){0,4})")
PLAIN_NOUN = re.compile(
    r"(?P<what>\b(?:[Tt]he|[Aa]n?|[Tt]hose|[Ss]ome|[Mm]any|[Oo]ther|[Pp]eople|[Vv]oters)\b[^,.;:“”\"]{0,60}?),?\s$"
)
APPOSED = re.compile(
    r",\s(?:(?:now|then|once|formerly|currently)\s)?(?:an?|the|his|her|their|its|who)\s[^.;:“”\"]{3,90},?\s$"
    r"|\s\([^)]{1,30}\),?\s$"
)
PRONOUN = re.compile(r"\b(?:[Hh]e|[Hh]is|[Hh]im|[Ss]he|[Hh]er|[Hh]ers)\b")
AUTHORED = re.compile(
    r"(?:(?:“|\"|'')[^“”\"]{3,120}?(?:”|\"|''),?|(?:the|an?|his|her)\s(?:\w+\s){0,3}(?:book|account|biography|report|article|memoir|essay|profile|story))"
    r"\s(?:by\s(?P<who>[A-Z][\w.’-]+(?:\s[A-Z][\w.’-]+)*)|(?:that\s)?(?P<giver>he|she)\s(?:gave|wrote|told|provided|shared|published)\b)"
)
OFFICE_HELD = re.compile(
    r"\b(?:secretary|minister|commissioner|mayor|director|head|chief|president|governor|speaker) of (?:[A-Z][\w-]+ (?:and )?){1,4}$",
    re.I,
)
RESIDENCE = re.compile(r"(?:,? (?:of|from|in|R-|D-)[\w’. ]{2,30})?,?(?: \([^)]{1,30}\))?,?\s?")
NAME_BEFORE = re.compile(r"(?P<what>[A-Z][\w’-]+(?: [A-Z][\w’-]+)*),?\s$")
OWN_WORDS = re.compile(
    r"(?P<whose>his|her)\s(?:\w+\s){0,2}(?:remarks?|comments?|criticisms?|statements?|speech|words|tweets?|letter|"
    r"testimony|answers?|response|message|memoir|book|claims?|campaign speech|address|post)$"
)


@dataclass(slots=True, eq=False)
class Cast(Scene):
    """The people of one text, and whom its words mean."""

    day: date | None = None
    terms: Iterable[Term] = ()
    offices: Offices = field(init=False)

    def __post_init__(self) -> None:
        self.offices = Offices(self.day, self.terms)
        self.lay_out()
        self.enter(people(self.text, self.offices))
        self._find_described()
        self.enter(self.people)
        self._find_genders()

    # --- descriptions ---

    def _find_genders(self) -> None:
        """Learns an unknown gender from the pronouns of sentences that name nobody else."""
        for person in self.people:
            if person.gender:
                continue
            seen = Counter(
                SINGULAR_PERSON[word.group().lower()]
                for mention in person.mentions[:8]
                for word in PRONOUN.finditer(self.text, mention.span.end, self._alone_until(mention, person))
                if not self.in_quotation(word.start())
            )
            if seen["m"] != seen["f"]:
                person.gender = "m" if seen["m"] > seen["f"] else "f"

    def _alone_until(self, mention: Mention, person: Person) -> int:
        """Where the next person is named, or the sentence after the mention's ends."""
        last = self.sentences[min(self.sentence_at(mention.span.start) + 1, len(self.sentences) - 1)].span.end
        others = (m.span.start for m, other in self.mentions(mention.span.end, last) if other is not person)
        return min(others, default=last)

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
        return self.person_of(name) or self.admit(from_office(name, self.offices))

    # --- sources ---

    def resolve(self, source: Sequence[Span], content: Sequence[Span], setting: Setting) -> Party:
        """Who the source of an attribution is."""
        if not source:
            return self._unstated(setting)
        span = source[0]
        phrase = " ".join(span.of(self.text).split())
        lower = phrase.lower()
        if lower in SINGULAR_PERSON:
            return pronouns.answer(self, SINGULAR_PERSON[lower], span, content, setting)
        if lower in RELATIVE:
            return self._relative(span, setting)
        own = OWN_WORDS.match(lower)
        if own is not None:
            whose = Span(span.start, span.start + own.end("whose"))
            return pronouns.answer(self, SINGULAR_PERSON[own["whose"]], whose, content, setting)
        if lower in parties.GROUP_WORDS or lower in {"you", "i"}:
            return Party(None, phrase, "group", "nobody" if lower in {"you", "i", "we", "they"} else "as printed", 0.3)
        if lower == "it":
            return self._it(span.start, phrase)
        return (
            self._author(span, content, setting)
            or self._named(span, phrase, setting)
            or self._varied(span, phrase, content, setting)
            or self._other(span, phrase)
        )

    def _varied(self, span: Span, phrase: str, content: Sequence[Span], setting: Setting) -> Party | None:
        """*The five-time champion said*: whoever *he* would have meant."""
        described = describe(phrase)
        if not descriptions.is_variation(phrase) or parties.is_plural(phrase):
            return None
        gender = person_nouns().get(described.noun, "") if described else ""
        found = pronouns.answer(self, gender, span, content, setting)
        return found if found.name else None

    def _author(self, span: Span, content: Sequence[Span], setting: Setting) -> Party | None:
        """*“The Long War,” by ANN LEE*, *an account SHE gave to a newspaper*: whose work the words are known from."""
        match = AUTHORED.match(self.text, span.start, min(len(self.text), span.end + 60))
        if match is None:
            return None
        who = Span(*match.span("who" if match["who"] else "giver"))
        printed = who.of(self.text)
        if printed in SINGULAR_PERSON:
            return pronouns.answer(self, SINGULAR_PERSON[printed], who, content, setting)
        named = [person for mention, person in self.mentions(who.start, who.end) if mention.how != "description"]
        return named[0].as_party(printed, "name", 0.9) if named else Party(None, printed, "person", "as printed", 0.7)

    def person_named(self, party: Party) -> Person | None:
        return self.person_of(party.name) if party.name else None

    def _unstated(self, setting: Setting) -> Party:
        if setting.last_speaker is None:
            return NOBODY
        return setting.last_speaker.as_party("", "pronoun", 0.4)

    def _named(self, span: Span, phrase: str, setting: Setting) -> Party | None:
        """A person's name that is the head of the phrase, or a description that fits one person."""
        if _several_names(phrase):
            return Party(None, phrase, "group", "as printed", 0.7)
        for mention, person in self.mentions(span.start, span.end):
            if mention.how != "description" and mention.span.end <= span.end + 2 and self._is_head(span, mention.span):
                rivals = self._namesakes(mention, person)
                if rivals:
                    return Party(
                        None, phrase, "person", "nobody", 0.3, odds([1.2, *(1.0 for _ in rivals)], [person, *rivals])
                    )
                role = person.role or (" ".join(Span(span.start, mention.span.start).of(self.text).split()))
                return person.as_party(phrase, "name", 0.98, role=_bare_role(role))
        beside = self._named_beside(span)
        if beside is not None:
            return beside.as_party(phrase, "name", 0.95)
        if phrase.split(" ", 1)[0].lower() in POSSESSIVES | {"a", "an", "one", "another"}:
            return None  # *his lawyer*: whose, the description alone does not tell; *a minister*: any
        fitting = self.fitting(phrase, span.start)
        if len(fitting) == 1:
            person = fitting[0]
            how: parties.How = "epithet" if descriptions.party_of(phrase) else "title"
            return person.as_party(phrase, how, 0.85)
        if len(fitting) > 1:
            return self._choose_described(fitting, span.start, phrase, setting)
        office = self.described(phrase, span.start)
        if office is not None:
            return office.as_party(phrase, "dated title", 0.85)
        return None

    def _namesakes(self, mention: Mention, person: Person) -> list[Person]:
        """Others of the same surname, named as near as the person, of whom a bare surname may speak."""
        start = self.starts[max(0, self.sentence_at(mention.span.start) - 1)]
        if mention.how != "surname" or self.text[max(0, mention.span.start - 5) : mention.span.start].rstrip().endswith(
            "."
        ):
            return []
        near = {other for _, other in self.mentions(start, mention.span.start)}
        same = [other for other in near if other is not person and other.surname == person.surname]
        return same if person in near or not same else []

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
        before = OFFICE_HELD.sub("", self.text[source.start : name.start])
        after = self.text[name.end : source.end].strip()
        if re.search(r"\b(?:of|for|from|to|with|by|close to|familiar with)\s+(?:[\w.’'-]+\s){0,4}$", before):
            return False
        if after.startswith(("'", "’")):
            return False
        return not re.match(r"[a-z]", after) or bool(re.match(r"(?:of|who|and|from|in|himself|herself|at)\b", after))

    def _choose_described(self, fitting: list[Person], position: int, phrase: str, setting: Setting) -> Party:
        """Of several, whoever spoke in the sentence before, or the one named last, unless another is just as near."""
        ranked = sorted(fitting, key=lambda person: -_last_start(person, position))
        speaker = setting.last_speaker
        if speaker in ranked and self.sentence_at(position) - setting.last_sentence == 1:
            return speaker.as_party(
                phrase,
                "title",
                0.6,
                odds([1.5, *(0.5 for _ in ranked[1:])], [speaker, *(p for p in ranked if p is not speaker)]),
            )
        if descriptions.is_wide(phrase):
            return Party(None, phrase, "person", "nobody", 0.3, odds([1.0] * len(ranked), ranked))
        here = self.sentence_at(position)
        distances = [here - self.sentence_at(_last_start(person, position)) for person in ranked[:2]]
        if distances[1] - distances[0] >= 3:
            return ranked[0].as_party(phrase, "title", 0.6, odds([1.5, 0.5], ranked[:2]))
        leading = [person for person in ranked if len(person.mentions) * 4 >= max(len(p.mentions) for p in ranked)]
        if len(leading) == 1 and here - self.sentence_at(_last_start(leading[0], position)) <= 3:
            return leading[0].as_party(phrase, "title", 0.6, odds([1.5, 0.5], [leading[0], *ranked][:2]))
        return Party(None, phrase, "person", "nobody", 0.3, odds([1.0] * len(ranked), ranked))

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
        sentence = self.text[self.starts[here] : position]
        before = self.text[self.starts[max(0, here - 1)] : self.starts[here]]
        return nations.country_meant(sentence) or nations.owner_meant(sentence) or nations.country_meant(before)

    def _it(self, position: int, phrase: str) -> Party:
        country = self._owner(position)
        if country is None:
            return Party(None, phrase, "organisation", "nobody", 0.2)
        return Party(country, phrase, "organisation", "pronoun", 0.5)

    def _relative(self, span: Span, setting: Setting) -> Party:
        """*Lee, an aide to Roe, WHO said*; *an architect WHO said*: the phrase right before it."""
        phrase = span.of(self.text)
        if phrase.lower() == "who":
            before = self.text[self.starts[self.sentence_at(span.start)] : span.start]
            printed = NAME_BEFORE.search(before) or PLAIN_NOUN.search(before)
            named = self._named_before(span.start, APPOSED.search(before))
            if named is not None:
                return named.as_party(phrase, "pronoun", 0.8)
            if printed is not None:
                kind = parties.unnamed_kind(printed["what"])
                return Party(None, printed["what"], kind, "as printed", 0.6)
        if phrase.lower() in {"which", "that"} and setting.narrator is not None:
            return setting.narrator.as_party(phrase, "pronoun", 0.5)
        return Party(None, phrase, "unnamed", "nobody", 0.2)

    def _named_before(self, who: int, apposed: re.Match[str] | None) -> Person | None:
        """The person named right before *who*, or before the apposition that stands between."""
        reach = self.text[:who].rstrip(" ,")
        for end in (len(reach), who - len(apposed.group()) if apposed else None):
            if end is None:
                continue
            for mention, person in reversed(self.mentions(max(0, end - 60), end)):
                between = reach[mention.span.end : end]
                if mention.how != "description" and RESIDENCE.fullmatch(between):
                    return person
        return None


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


def _bare_role(role: str) -> str:
    words = role.split()
    while words and words[0].lower() in DETERMINERS | POSSESSIVES:
        words = words[1:]
    return " ".join(words).strip(" ,")
