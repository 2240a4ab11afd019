"""The sentence about a quote that is safe to publish: who said it, through whom it is known, and no more than that.

It claims what the chain carries: *said* only where somebody heard it, *according to* for each who told it on, and the
article's own words wherever turning them would take understanding them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from quotes.text.cues import verbs
from quotes.text.lexicon import AUXILIARIES, DETERMINERS, HAVE, PERSONAL, POSSESSIVES, PREPOSITIONS
from quotes.text.parties import is_plural
from quotes.text.spelling import irregular

FRAGMENT = 6
"""Words in quotation marks below which a quotation is a fragment."""

LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
QUOTED = re.compile(r"[\"“”][^\"“”]*[\"“”]")
OTHERS = frozenset("he she they him her them his their himself herself themselves it its".split())
"""Pronouns that somebody else's sentence does not explain."""

QUESTIONS = frozenset("how why what whether if when where who which".split())
CAPITALS = DETERMINERS | POSSESSIVES | PERSONAL | PREPOSITIONS | frozenset(("there", "if", "when", "what", "how"))
"""Words whose capital letter only begins a sentence."""

UNKNOWN = "somebody"


@dataclass(frozen=True, slots=True)
class Teller:
    """Somebody through whom it came. `name` is empty where nobody says who; `is_inferred` where the passage tells it."""

    name: str = ""
    role: str = ""
    is_named: bool = True
    is_inferred: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What one article prints of a quote, and the way it came: all that the safe wording depends on."""

    words: str
    form: Literal["direct", "indirect", "mixed"]
    sourcing: str
    speaker: str = ""
    """Name or description; empty when the article does not say."""

    tellers: Sequence[Teller] = ()
    """In order, the one who had it from the speaker first."""

    outlet: str = ""
    venue: str = ""
    cue: str = ""
    is_hedged: bool = False
    language: str = ""
    """The language it was told in, as a code, when that is not the article's."""

    dispute: str = ""
    """What stands against it, as a clause: *Ann Lee denies it*."""


def safe(report: Report) -> str:
    """One sentence that may be printed, and one more for a translation or a dispute."""
    lead = _lead(report)
    statement = _statement(report)
    sentence = f"{lead}, {statement}" if lead else statement
    notes = [_translated(report.language), _disputed(report.dispute)]
    return " ".join([_sentence(sentence), *filter(None, notes)])


# --- through whom ----------------------------------------------------------------------------------


def _lead(report: Report) -> str:
    """*According to Yuri Ushakov*; empty where the speaker was heard, or nobody says by whom it was told."""
    if report.sourcing == "pickup" and report.venue:
        return f"According to {report.venue}"
    told = [teller for teller in report.tellers if teller.name]
    if not told:
        return ""
    last, *before = reversed(told)
    if last.is_inferred:
        lead = f"By what reads as {_owner(last.name)} account"
    else:
        lead = f"According to {_introduced(last, report.outlet)}"
    for place, teller in enumerate(before):
        lead += f", {'who cites' if place else 'citing'} {_introduced(teller, '')}"
    return lead


def _introduced(teller: Teller, outlet: str) -> str:
    """*Russian presidential aide Yuri Ushakov*; *Yuri Ushakov, an aide to the Russian president*."""
    if not teller.is_named:
        unnamed = f"whom {outlet} does not name" if outlet else f"who {_is(_lower_first(teller.name))} not named"
        return f"{_lower_first(teller.name)}, {unnamed}"
    role = teller.role.strip(" ,")
    if not role or role.casefold() in teller.name.casefold():
        return teller.name
    if set(role.lower().split()) & PREPOSITIONS or "," in role or role.split()[0].lower() in DETERMINERS:
        return f"{teller.name}, {_lower_first(role)}"
    return f"{role} {teller.name}"


def _owner(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"


# --- what was said ---------------------------------------------------------------------------------


def _statement(report: Report) -> str:
    """Speaker, verb and words: *Donald Trump said: “…”*."""
    who = _lower_first(report.speaker) if report.speaker else UNKNOWN
    words = typeset(report.words)
    count = len(WORD.findall(words))
    if report.form == "direct" and count < FRAGMENT:
        noun = "word" if count == 1 else "words"
        return (
            f"{_saying(who, report, 'used', 'have used')} the {noun} “{_inner(words.rstrip('.,;'))}”{_credit(report)}"
        )
    if report.form == "direct":
        said = _saying(who, report, "said", "have said")
        return f"{said}{_credit(report)}: “{_inner(words)}”"
    return f"{_reported(who, words.rstrip('.,;'), report)}{_credit(report)}"


def _saying(who: str, report: Report, plain: str, reported: str) -> str:
    """*said*, or *is reported to have said* where the article leaves it open or does not say who told it."""
    if report.is_hedged or report.sourcing == "not_stated":
        return f"{who} {_is(who)} reported to {reported}"
    return f"{who} {plain}"


def _is(who: str) -> str:
    return "are" if is_plural(who) and not who[:1].isupper() else "is"


def _credit(report: Report) -> str:
    """Who printed it, where nobody else is named for it."""
    if any(teller.name for teller in report.tellers) or (report.sourcing == "pickup" and report.venue):
        return ""
    if report.sourcing == "not_stated":
        return (
            f", {report.outlet} writes without saying who told it" if report.outlet else ", without saying who told it"
        )
    if report.sourcing == "record" or not report.outlet:
        return ""
    return f", {report.outlet} reported"


def _reported(who: str, words: str, report: Report) -> str:
    """Reported speech as a clause; where that would need understanding, the article's words as the article's."""
    first, _, rest = words.partition(" ")
    lower = first.lower()
    if lower == "that":
        return f"{_said_that(who, report)} {rest}"
    if lower in {"to", "not"}:
        return _to_do(who, words, report)
    if lower in QUESTIONS or not _is_clause(words):
        return f"{_saying(who, report, 'spoke', 'have spoken')} of {_lower_first(words)}"
    return f"{_said_that(who, report)} {_lower_first(words)}"


def _said_that(who: str, report: Report) -> str:
    """Pronouns of the article's sentence are left to the article."""
    mentions = {word.lower() for word in WORD.findall(QUOTED.sub("", report.words))}
    marker = f", in {_owner(report.outlet or 'the article')} words," if mentions & OTHERS else ""
    return f"{_saying(who, report, 'said', 'have said')}{marker} that"


def _to_do(who: str, words: str, report: Report) -> str:
    """*vowed to answer*, with the article's own verb; *is reported to have left*; else the article's words as its own."""
    known = [verbs()[word].verb for word in WORD.findall(report.cue.lower()) if word in verbs()]
    fitting = [verb.lemma for verb in known if verb.takes("n") or (words.startswith("to have ") and verb.takes("v"))]
    if fitting:
        past = _past(fitting[-1])
        return f"{_saying(who, report, past, f'have {past}')} {words}"
    if words.startswith("to have "):
        return f"{who} {_is(who)} reported {words}"
    said = _saying(who, report, "said", "have said")
    return f"{said} something that {report.outlet or 'the article'} puts as “{_inner(words)}”"


def _past(lemma: str) -> str:
    """The past of a reporting verb, which cues.txt holds."""
    return next((form for form, found in verbs().items() if found.verb.lemma == lemma and "past" in found.forms), lemma)


def _is_clause(words: str) -> bool:
    """Whether it has a finite verb: an auxiliary, a known past, or a word in -ed that follows a noun."""
    found = [word.lower().replace("’", "'") for word in WORD.findall(words)]
    if any(word in AUXILIARIES or word in HAVE or word.endswith("n't") for word in found):
        return True
    return any(
        (word in irregular() or word.endswith("ed")) and before not in DETERMINERS | PREPOSITIONS | POSSESSIVES
        for before, word in pairwise(found)
    )


# --- how it is set ---------------------------------------------------------------------------------


def typeset(words: str) -> str:
    """Straight quotation marks turned, in pairs; white space folded."""
    words = " ".join(words.split())
    opening = re.sub(r"(^|[\s(\[—–-])\"", r"\1“", words)
    curly = opening.replace('"', "”")
    return re.sub(r"(?<=\w)'(?=\w)|'(?=\s|$|[.,;:])", "’", curly)


def _inner(words: str) -> str:
    """Within quotation marks the marks are single ones."""
    return words.replace("“", "‘").replace("”", "’")


def _lower_first(words: str) -> str:
    """Without the capital that only begins a sentence."""
    first = re.match(r"[^\W\d_]+(?:['’]\w+)?", words)
    if first and (first.group().lower() in CAPITALS or first.group().endswith("ing")) and first.group() != "I":
        return words[0].lower() + words[1:]
    return words


def _sentence(words: str) -> str:
    whole = words[0].upper() + words[1:]
    return whole if re.search(r"[.!?…][”’]?$", whole) else f"{whole}."


def _translated(language: str) -> str:
    if not language:
        return ""
    name = LANGUAGES.get(language.split("-")[0].lower())
    return f"The words are a translation{f' from {name}' if name else ''}."


def _disputed(dispute: str) -> str:
    return f"This is disputed: {dispute}." if dispute else ""
