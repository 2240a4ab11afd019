from __future__ import annotations

import pytest

from quotes.text.cues import (
    lines,
    phrases_before_source,
    present_participle,
    regular_past,
    third_person,
    verbs,
)

FRAMES = set("btwnqiodaxvs")


@pytest.mark.parametrize(
    ("printed", "lemma", "forms"),
    [
        ("say", "say", {"base"}),
        ("says", "say", {"s"}),
        ("said", "say", {"past", "participle"}),
        ("saying", "say", {"ing"}),
        ("wrote", "write", {"past"}),
        ("written", "write", {"participle"}),
        ("replies", "reply", {"s"}),
        ("admitting", "admit", {"ing"}),
        ("agreeing", "agree", {"ing"}),
        ("promises", "promise", {"s"}),
        ("stresses", "stress", {"s"}),
        ("lying", "lie", {"ing"}),
        pytest.param("read", "read", {"base", "past", "participle"}),
        pytest.param("snapped", "snap", {"past", "participle"}),
    ],
)
def test_verbs(printed: str, lemma: str, forms: set[str]) -> None:
    assert printed in verbs()
    assert (verbs()[printed].verb.lemma, verbs()[printed].forms) == (lemma, forms)


@pytest.mark.parametrize(
    ("lemma", "s", "past", "ing"),
    [
        ("add", "adds", "added", "adding"),
        ("note", "notes", "noted", "noting"),
        ("deny", "denies", "denyed", "denying"),  # cues.txt gives the past of such verbs
        ("say", "says", "sayed", "saying"),
        ("teach", "teaches", "teached", "teaching"),
        ("decree", "decrees", "decreed", "decreeing"),
    ],
)
def test_inflection(lemma: str, s: str, past: str, ing: str) -> None:
    assert (third_person(lemma), regular_past(lemma), present_participle(lemma, past)) == (s, past, ing)


def test_a_doubled_past_doubles_the_participle() -> None:
    assert present_participle("admit", "admitted") == "admitting"


def test_frames_are_known_and_verbs_stand_once() -> None:
    rows = [line.split() for line in lines("cues.txt")]
    lemmas = [row[0] for row in rows]
    assert sorted(set(lemmas)) == sorted(lemmas)
    assert all(2 <= len(row) <= 4 for row in rows)
    assert all(set(row[1]) <= FRAMES for row in rows)
    assert all(word == word.lower() and word.isalpha() for row in rows for word in row)


def test_no_printed_form_belongs_to_two_verbs() -> None:
    owners: dict[str, str] = {}
    for line in lines("cues.txt"):
        lemma, _, *irregular = line.split()
        past = irregular[0] if irregular else regular_past(lemma)
        for word in {lemma, third_person(lemma), *(irregular or [past]), present_participle(lemma, past)}:
            assert owners.setdefault(word, lemma) == lemma


def test_short_verbs_double_their_last_letter() -> None:
    vowels = "aeiou"
    assert [
        lemma
        for lemma, _, *irregular in (line.split() for line in lines("cues.txt"))
        if not irregular
        and len(lemma) < 5
        and lemma[-1] not in vowels + "wxy"
        and lemma[-2] in vowels
        and lemma[-3] not in vowels
    ] == []


def test_no_past_ends_like_an_unchanged_y() -> None:
    assert [word for word in verbs() if word.endswith("yed") and word[-4] not in "aeo"] == []


def test_belief_is_no_speech() -> None:
    assert verbs()["said"].verb.is_speech
    assert not verbs()["believes"].verb.is_speech


def test_phrases() -> None:
    assert ("according", "to") in phrases_before_source()
    assert [len(phrase) for phrase in phrases_before_source()] == sorted(
        (len(phrase) for phrase in phrases_before_source()), reverse=True
    )
    assert len(set(lines("phrases.txt"))) == len(lines("phrases.txt"))
    assert all(line.split()[0] in {"after", "before"} for line in lines("phrases.txt"))
