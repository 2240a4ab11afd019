"""The sentences, quotations and people of one text, and where each of them stands."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from quotes.text.person import Mention, Person
from quotes.text.quotation import Quotation, quotations
from quotes.text.sentences import Sentence, sentences
from quotes.text.spans import Span


@dataclass(slots=True, eq=False)
class Scene:
    """Built in two steps: `lay_out` finds sentences and quotations, `enter` places people (again, when more are known)."""

    text: str
    quoted: list[Quotation] = field(init=False)
    sentences: list[Sentence] = field(init=False)
    people: list[Person] = field(init=False)
    starts: list[int] = field(init=False)
    _quote_starts: list[int] = field(init=False)
    _placed: list[tuple[Mention, Person]] = field(init=False)
    _place_starts: list[int] = field(init=False)
    _numbers: dict[Person, int] = field(init=False)
    _names: dict[str, Person] = field(init=False)

    def lay_out(self) -> None:
        self.quoted = quotations(self.text)
        self._quote_starts = [quotation.outer.start for quotation in self.quoted]
        self.sentences = sentences(self.text, self.quoted)
        self.starts = [sentence.span.start for sentence in self.sentences]

    def enter(self, people: list[Person]) -> None:
        self.people = people
        placed = [(mention, person) for person in people for mention in person.mentions]
        self._placed = sorted(placed, key=lambda pair: pair[0].span)
        self._place_starts = [mention.span.start for mention, _ in self._placed]
        self._numbers = {person: number for number, person in enumerate(people)}
        self._names = {person.name: person for person in reversed(people)}

    def sentence_at(self, position: int) -> int:
        return max(0, bisect_right(self.starts, position) - 1)

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

    def named_in(self, spans: Sequence[Span]) -> set[Person]:
        """Whom the spans mention."""
        return {person for span in spans for _, person in self.mentions(span.start, span.end)}

    def admit(self, person: Person) -> Person:
        """Adds somebody whom the text means and never names."""
        self.people.append(person)
        self._names.setdefault(person.name, person)
        return person

    def person_of(self, name: str) -> Person | None:
        return self._names.get(name)

    def around(self, position: int, sentences: int) -> set[Person]:
        """Whom the sentence at `position`, or one of so many before it, mentions."""
        here = self.sentence_at(position)
        return {
            person for _, person in self.mentions(self.starts[max(0, here - sentences)], self.sentences[here].span.end)
        }

    def in_order(self, people: Iterable[Person]) -> list[Person]:
        """People as the text introduces them."""
        return sorted(people, key=lambda person: self._numbers.get(person, len(self._numbers)))

    def opens_sentence(self, mention: Mention) -> bool:
        return mention.span.start - self.starts[self.sentence_at(mention.span.start)] < 40
