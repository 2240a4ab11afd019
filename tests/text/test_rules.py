from __future__ import annotations

import pytest
from hypothesis import given

from quotes.text.rules import Triple, triples
from quotes.text.spans import Span
from tests.text.awkward import LONG_TEXTS, STEEP, any_text, growth, many, seconds

Row = tuple[str, str, str]


def rows(text: str) -> list[Row]:
    """Source, cue and content of each relation as printed, parts joined by a bar."""

    def words(spans: tuple[Span, ...]) -> str:
        return " | ".join(span.of(text) for span in spans)

    return [(words(found.source), words(found.cue), words(found.content)) for found in triples(text)]


def test_it_works() -> None:
    text = "Ann Lee said no dam was safe."
    (found,) = triples(text)
    assert found == Triple(
        (Span(0, 7),), (Span(8, 12),), (Span(13, 28),), verb=found.verb, confidence=found.confidence, inner=False
    )
    assert found.verb is not None
    assert found.verb.lemma == "say"
    assert found.extent == Span(0, 28)


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("The mayor said the road would close.", "The mayor", "said", "the road would close"),
        ("The mayor said that the road would close.", "The mayor", "said", "that the road would close"),
        ("She has repeatedly said she will not run.", "She", "has repeatedly said", "she will not run"),
        ("Berg said on Tuesday that the talks had failed.", "Berg", "said", "that the talks had failed"),
        ("Berg said in a statement: “We will appeal.”", "Berg", "said", "“We will appeal.”"),
        ("Berg said, “It was late.”", "Berg", "said", "“It was late.”"),
        ("In a letter, Berg wrote that the dam was old.", "Berg", "wrote", "that the dam was old"),
        ("Speaking in Ohio, Berg said the bill was dead.", "Berg", "said", "the bill was dead"),
        # behind the words
        ("“The road will close,” the mayor said.", "the mayor", "said", "“The road will close,”"),
        ("The bill is dead, Berg said on Monday.", "Berg", "said", "The bill is dead"),
        ("'It is over,' she told the BBC.", "she", "told", "'It is over,'"),
        ("“It will hold!” Lee shouted.", "Lee", "shouted", "“It will hold!”"),
        ("“Yes,” Lee (D-Ohio) said.", "Lee (D-Ohio)", "said", "“Yes,”"),
        ("“The bill is dead,” Anna Berg, 45, of Ohio, said.", "Anna Berg", "said", "“The bill is dead,”"),
        # inverted
        ("“The road will close,” said the mayor.", "the mayor", "said", "“The road will close,”"),
        ("“Will it hold?” asked Lee.", "Lee", "asked", "“Will it hold?”"),
        ("“It’s old,” says U.S. Rep. J. D. Lee.", "U.S. Rep. J. D. Lee", "says", "“It’s old,”"),
        ("The bill is “dead”, said Berg.", "Berg", "said", "The bill is “dead”"),
        ("— It was late, said Berg.", "Berg", "said", "— It was late"),
        # interrupted
        ("“The road,” the mayor said, “will close.”", "the mayor", "said", "“The road,” | “will close.”"),
        ("“I go,” Berg told CNN, “and now.”", "Berg", "told", "“I go,” | “and now.”"),
        ("The new bill on roads, Berg said, is dead.", "Berg", "said", "The new bill on roads | is dead"),
        # according to
        ("According to Anna Berg, the road will close.", "Anna Berg", "According to", "the road will close"),
        ("The road will close, according to Anna Berg.", "Anna Berg", "according to", "The road will close"),
        ("The road, according to Anna Berg, will close.", "Anna Berg", "according to", "The road | will close"),
        ("In the words of Anna Berg, he is “a fool”.", "Anna Berg", "In the words of", "he is “a fool”"),
        # told somebody
        ("Berg told reporters that the road would close.", "Berg", "told", "that the road would close"),
        ("Berg told the Times in an interview that it was shut.", "Berg", "told", "that it was shut"),
        ("Berg told CNN: “The road will close.”", "Berg", "told", "“The road will close.”"),
        ("Berg told the council to repair the dam.", "Berg", "told", "to repair the dam"),
        # other frames
        ("Lee asked whether the dam would hold.", "Lee", "asked", "whether the dam would hold"),
        ("Lee vowed to rebuild the dam.", "Lee", "vowed", "to rebuild the dam"),
        ("Berg called the bill “a disgrace”.", "Berg", "called", "the bill “a disgrace”"),
        ("Berg also pointed out that the dam was old.", "Berg", "also pointed out", "that the dam was old"),
        ("The Kremlin reportedly said it would not answer.", "The Kremlin", "reportedly said", "it would not answer"),
        # quoted as saying
        (
            "Lee was quoted by Interfax as saying that the dam would hold.",
            "Lee",
            "was quoted by Interfax as saying",
            "that the dam would hold",
        ),
        # who: descriptions
        ("Officials in Kyiv said it was shot down.", "Officials in Kyiv", "said", "it was shot down"),
        (
            "Two people familiar with the matter said it was close.",
            "Two people familiar with the matter",
            "said",
            "it was close",
        ),
        ("Anna Berg, a senator from Ohio, said the bill was dead.", "Anna Berg", "said", "the bill was dead"),
        ("“It is old,” Berg and Lee said.", "Berg and Lee", "said", "“It is old,”"),
        # without a verb
        ("“Never again.” — Ann Lee", "Ann Lee", "—", "“Never again.”"),
        ("TRUMP: I never said that about the wall.", "TRUMP", ":", "I never said that about the wall."),
        # continued in the next sentence or paragraph
        ("“We lost,” Mr Lee said. “We will be back.”", "Mr Lee", "said", "“We lost,” | “We will be back.”"),
        ("Berg said: “First we lost.\n\n“Then we won.”", "Berg", "said", "“First we lost. | “Then we won.”"),
        ("The Times reports:\n\n“The dam is old.”", "The Times", "reports", "“The dam is old.”"),
    ],
)
def test_one_relation(text: str, source: str, cue: str, content: str) -> None:
    assert rows(text) == [(source, cue, content)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Berg praised the firemen, saying they had saved the town.",
            [("Berg", "praised", "the firemen"), ("Berg", "saying", "they had saved the town")],
        ),
        (
            "The mayor said the bridge was safe and added that the tunnel was not.",
            [("The mayor", "said", "the bridge was safe"), ("The mayor", "added", "that the tunnel was not")],
        ),
        (
            "Berg said the dam was old, but Lee said it would hold.",
            [("Berg", "said", "the dam was old"), ("Lee", "said", "it would hold")],
        ),
        (
            '"Will he go?" Lee asked. "I think so," Berg replied.',
            [("Lee", "asked", '"Will he go?"'), ("Berg", "replied", '"I think so,"')],
        ),
        (
            "Interfax quoted the governor as saying the dam would hold.",
            [
                ("Interfax", "quoted", "the governor as saying the dam would hold"),
                ("the governor", "as saying", "the dam would hold"),
            ],
        ),
        (
            "“First we lost,” said Berg.\n\n“Then we won,” said Lee.",
            [("Berg", "said", "“First we lost,”"), ("Lee", "said", "“Then we won,”")],
        ),
        (
            "“First we lost,” Berg said.\n\n“Then we won.”",
            [("Berg", "said", "“First we lost,”"), ("Berg", "said", "“Then we won.”")],
        ),
    ],
)
def test_several_relations(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


def test_relation_inside_another() -> None:
    found = triples("Berg said that Lee had told her the dam would hold.")
    assert [triple.inner for triple in found] == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "There is nothing here to be read as speech.",
        "The police report was wrong about the road.",  # a noun
        "His demand for more money failed.",
        "It is said that Berg is ill.",  # by whom?
        "Did Berg say the dam was old?",
        "“Nobody knows.”",
        "said said said",
    ],
)
def test_no_relation(text: str) -> None:
    assert rows(text) == []


def once(reason: str, text: str, *expected: Row) -> object:
    """A misreading once seen, and why."""
    return pytest.param(text, list(expected), id=reason)


def fails(reason: str, text: str, *expected: Row) -> object:
    """A misreading still made."""
    return pytest.param(text, list(expected), id=reason, marks=pytest.mark.xfail(strict=True, reason=reason))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # somebody is said to have said what he did not say
        once(
            "the source of an inner relation runs over the outer verb",
            "Berg said Lee told her the dam would hold.",
            ("Berg", "said", "Lee told her the dam would hold"),
            ("Lee", "told", "the dam would hold"),
        ),
        once("“neither … nor” is read as an assertion of the second", "Neither Berg nor Lee said the dam was old."),
        once("a negative subject is read as a speaker", "Nobody said the dam was old."),
        once("a negative subject with a noun is read as a speaker", "No official said the dam was old."),
        once(
            "British marks round straight or curly double ones",
            "‘He said “go” to me,’ she said.",
            ("she", "said", "‘He said “go” to me,’"),
        ),
        fails(
            "an apposition behind “and” loses half of the source",
            "Anna Berg and her aide, Tom Lee, said the dam was old.",
            ("Anna Berg and her aide, Tom Lee", "said", "the dam was old"),
        ),
        once(
            "a source with a number and a hyphen is cut",
            "“I saw it,” said the 45-year-old.",
            ("the 45-year-old", "said", "“I saw it,”"),
        ),
        # the content takes in what was not said
        once(
            "a relative clause does not end the content",
            "Berg, who said the dam was old, resigned.",
            ("who", "said", "the dam was old"),
        ),
        once(
            "a clause of time does not end the content",
            "When Berg said the dam was old, nobody listened.",
            ("Berg", "said", "the dam was old"),
        ),
        once(
            "the day is taken for the topic",
            "Berg warned on Monday that it would rain.",
            ("Berg", "warned", "that it would rain"),
        ),
        once(
            "the place is taken for the topic",
            "Berg wrote on Twitter that the judge was wrong.",
            ("Berg", "wrote", "that the judge was wrong"),
        ),
        once(
            "a bracket round the clause is kept", "The dam is old (Berg said it leaks).", ("Berg", "said", "it leaks")
        ),
        # nobody is found
        once(
            "“police” is no noun for people",
            "Two men were held in Ohio on Monday, police said.",
            ("police", "said", "Two men were held in Ohio on Monday"),
        ),
        once(
            "a base form needs a plural in -s before it",
            "Police say two men were held.",
            ("Police", "say", "two men were held"),
        ),
        once(
            "“went on to say” is listed and not found",
            "Berg went on to say that the judge was wrong.",
            ("Berg", "went on to say", "that the judge was wrong"),
        ),
        once(
            "an apposition hides the tag behind ! and ?",
            "“Never!” Anna Berg, a senator, said.",
            ("Anna Berg", "said", "“Never!”"),
        ),
        once(
            "a quotation before the paragraph with its source",
            "“First we lost.\n\n“Then we won,” Berg said.",
            ("Berg", "said", "“First we lost. | “Then we won,”"),
        ),
        fails("a verb that opens its sentence", "Said Berg: “The dam is old.”", ("Berg", "Said", "“The dam is old.”")),
    ],
)
def test_misreadings_once_seen(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


@many
@given(any_text)
def test_any_text(text: str) -> None:
    for triple in triples(text):
        spans = triple.source + triple.cue + triple.content
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert triple.content
        assert triple.cue
        assert 0 <= triple.confidence <= 1


@pytest.mark.parametrize("name", sorted(LONG_TEXTS.keys() - {"a phrase alone"}))
def test_long_text(name: str) -> None:
    assert seconds(triples, LONG_TEXTS[name]) < 8


@pytest.mark.parametrize(
    "unit",
    [
        "The mayor said no.\n",
        *(unit for unit in ["He said, ", "who said, "]),
    ],
)
def test_time_is_linear(unit: str) -> None:
    assert growth(triples, unit, 2500) < STEEP


def test_time_is_linear_without_a_comma() -> None:
    assert growth(triples, "according to ", 4000) < STEEP
