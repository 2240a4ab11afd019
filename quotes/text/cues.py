"""Reporting verbs and phrases, read from data/cues.txt and data/phrases.txt.

The list is data: to teach Hearsay a verb, add a line there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

DATA = Path(__file__).parent / "data"

Form = Literal["base", "s", "past", "participle", "ing"]


@dataclass(frozen=True, slots=True)
class Verb:
    """A reporting verb and the frames it may stand in (the letters are explained in cues.txt)."""

    lemma: str
    frames: frozenset[str]

    def takes(self, *frames: str) -> bool:
        return any(frame in self.frames for frame in frames)

    @property
    def is_speech(self) -> bool:
        return "x" not in self.frames


@dataclass(frozen=True, slots=True)
class Inflected:
    """One printed form of a verb; `forms` has several members when they are spelled alike."""

    verb: Verb
    forms: frozenset[Form]


def lines(name: str) -> list[str]:
    """The lines of a data file that are neither blank nor comments."""
    text = (DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def third_person(lemma: str) -> str:
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ies"
    return lemma + "s"


def present_participle(lemma: str, past: str) -> str:
    if lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    if lemma.endswith("e") and not lemma.endswith("ee"):
        return lemma[:-1] + "ing"
    doubled = past.endswith("ed") and past[:-2] == lemma + lemma[-1]
    return (past[:-2] if doubled else lemma) + "ing"


def regular_past(lemma: str) -> str:
    return lemma + ("d" if lemma.endswith("e") else "ed")


@cache
def verbs() -> dict[str, Inflected]:
    """Every printed form, lower case, with its verb."""
    found: dict[str, Inflected] = {}
    for line in lines("cues.txt"):
        lemma, frames, *irregular = line.split()
        past = irregular[0] if irregular else regular_past(lemma)
        participle = irregular[1] if len(irregular) > 1 else past
        spelled: dict[str, set[Form]] = {}
        for word, form in (
            (lemma, "base"),
            (third_person(lemma), "s"),
            (past, "past"),
            (participle, "participle"),
            (present_participle(lemma, past), "ing"),
        ):
            spelled.setdefault(word, set()).add(form)  # type: ignore[arg-type]
        verb = Verb(lemma, frozenset(frames))
        for word, forms in spelled.items():
            found[word] = Inflected(verb, frozenset(forms))
    return found


@cache
def nouns() -> dict[str, Verb]:
    """Nouns of saying that are not spelled like their verb: *statement*, *denial*."""
    known = {form.verb.lemma: form.verb for form in verbs().values()}
    return {noun: known[lemma] for noun, lemma in map(str.split, lines("cue_nouns.txt"))}


UNKNOWN = Verb("", frozenset())
"""What a cue without a known verb is taken for: speech when the words stand in quotation marks."""


def verb_in(cue: str) -> Verb | None:
    """The verb that carries a cue, as printed: *went on to say* is *say*. None for a phrase such as *according to*."""
    words = re.findall(r"[^\W\d_]+", cue.lower())
    if any(tuple(words[: len(phrase)]) == phrase for phrase in phrases_before_source()):
        return None
    known = [
        verbs()[word].verb if word in verbs() else nouns()[word] for word in words if word in verbs() or word in nouns()
    ]
    if not words or not known:
        return UNKNOWN if words else None
    speaking = [verb for verb in known if verb.is_speech]
    return speaking[0] if speaking else known[0]


@cache
def phrases_before_source() -> list[tuple[str, ...]]:
    """Phrases such as *according to*, longest first, as lower-case words."""
    found = [tuple(line.split()[1:]) for line in lines("phrases.txt") if line.startswith("after")]
    return sorted(found, key=len, reverse=True)


@cache
def first_words_of_phrases() -> frozenset[str]:
    return frozenset(phrase[0] for phrase in phrases_before_source())
