"""Closed classes of English words that the rules lean on, and the nouns for people in a role."""

from __future__ import annotations

from functools import cache

from quotes.text.cues import lines


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PERSONAL = _words("he she they it i we you")
SINGULAR_PERSON = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f"}
RELATIVE = _words("who which that whom")
DETERMINERS = _words(
    "the a an this that these those some many several both no one two three four five six all any each another other most few"
)
POSSESSIVES = _words("his her their its my our your")
CONJUNCTIONS = _words("and but or nor yet so then")
SUBORDINATORS = _words(
    "that when while because as after before if though although since where whereas until unless whether once than like how why what"
)
PREPOSITIONS = _words(
    "in on at by with for to from about against during into over under through between among upon via toward towards without within despite amid following near outside inside throughout per"
)
AUXILIARIES = _words(
    "has have had do does did will would could should may might can must shall is are was were be been being "
    "hasn't haven't hadn't don't doesn't didn't won't wouldn't couldn't shouldn't isn't aren't wasn't weren't can't cannot "
    "hasn’t haven’t hadn’t don’t doesn’t didn’t won’t wouldn’t couldn’t shouldn’t isn’t aren’t wasn’t weren’t can’t"
)
CONTRACTED = _words("'s 're 've 'd 'm 'll ’s ’re ’ve ’d ’m ’ll")
BE = _words("is are was were be been being isn't aren't wasn't weren't isn’t aren’t wasn’t weren’t am")
HAVE = _words("has have had having hasn't haven't hadn't hasn’t haven’t hadn’t")
ADVERBS = _words(
    "also then later once even now never not again still often just always already first further only soon ever previously recently earlier once twice instead meanwhile "
    "himself herself themselves itself too thus both all"
)
NOT_ADVERBS = _words(
    "family ally assembly italy july reply supply anomaly monopoly bully fly early daily weekly elderly deadly friendly"
)
WEEKDAYS = _words("monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun")
MONTHS = _words("january february march april may june july august september october november december")
TIME_WORDS = WEEKDAYS | _words(
    "yesterday today tonight tomorrow earlier later last this week month year night morning afternoon evening recently afterward afterwards ago previously again here there monday’s"
)
QUESTION_WORDS = _words("whether if what how why who when where which")
HEDGES = _words("reportedly allegedly supposedly purportedly apparently")
"""Words of doubt in print about whether something was said."""


def is_adverb(word: str) -> bool:
    return word in ADVERBS or word in HEDGES or (word.endswith("ly") and len(word) > 4 and word not in NOT_ADVERBS)


@cache
def person_nouns() -> dict[str, str]:
    """Singular and plural nouns for people, lower case, with `m`, `f` or an empty string."""
    found: dict[str, str] = {}
    for line in lines("person_nouns.txt"):
        noun, _, gender = line.partition(" ")
        found[noun] = gender
        for plural in plurals(noun):
            found[plural] = gender
    return found | dict.fromkeys(("people", "persons", "lawmakers", "police", "authorities"), "")


def plurals(noun: str) -> set[str]:
    if noun.endswith("man"):
        return {noun[:-2] + "en"}
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return {noun[:-1] + "ies"}
    if noun.endswith(("s", "ch", "sh")):
        return {noun + "es"}
    return {noun + "s"}


@cache
def plural_person_nouns() -> frozenset[str]:
    singular = [line.split()[0] for line in lines("person_nouns.txt")]
    return frozenset(plural for noun in singular for plural in plurals(noun)) | {
        "people",
        "police",
        "authorities",
        "persons",
        "others",
        "many",
        "some",
    }
