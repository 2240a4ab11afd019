"""How well a quote is sourced, in words: its class, its verdict, its grade with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

CLASS_NAMES = {
    "record": "Record",
    "firsthand": "Firsthand",
    "pickup": "Pickup",
    "secondhand": "Secondhand",
    "secondhand_unnamed": "Secondhand, unnamed",
    "thirdhand": "Third-hand",
    "not_stated": "Source not stated",
}
CLASS_MEANINGS = {
    "record": "The words can be heard or read in full, and the record is linked.",
    "firsthand": "The outlet had it from the speaker: nobody stands between them.",
    "pickup": "Another named outlet had it from the speaker and is credited.",
    "secondhand": "Somebody named told what the speaker said.",
    "secondhand_unnamed": "Somebody the article does not name told what the speaker said.",
    "thirdhand": "It passed through two people or more before it reached the outlet.",
    "not_stated": "It was told by somebody, and the article does not say by whom.",
}
BEST_FIRST = tuple(CLASS_NAMES)
"""Sourcing classes, the best first."""


def best_class(classes: Sequence[str]) -> str:
    """The best of the classes a quote's attributions have. Raises ValueError when there is none."""
    return min(classes, key=BEST_FIRST.index)


def verdict(sourcing: str, via: Sequence[str], *, articles: int, outlets: int, origins: int, hedged: bool) -> str:
    """How we know a quote, in one or two sentences. `via` are intermediaries, as named or described."""
    known = {
        "record": "The words can be heard or read in full.",
        "firsthand": "Reported firsthand.",
        "pickup": "Another outlet had it firsthand and is credited.",
        "secondhand": f"Known only through {listed(via)}." if via else "Known only at second hand.",
        "secondhand_unnamed": f"Known only through {listed(via) or 'people the articles do not name'}.",
        "thirdhand": f"Third-hand: {' told '.join(via)}." if len(via) > 1 else "Known only at third hand.",
        "not_stated": "Reported at second hand; the articles do not say through whom.",
    }[sourcing]
    places = f" in {counted(outlets, 'outlet')}" if outlets else ""
    rest = f", {'which rest on one origin' if origins == 1 else f'from {origins} independent origins'}"
    count = f"{counted(articles, 'article')}{places}{rest if articles > 1 else ''}."
    doubt = " The wording of the article leaves open whether it was said." if hedged else ""
    missing = (
        "" if sourcing in {"record", "firsthand", "pickup"} else " No firsthand source found in what Hearsay has read."
    )
    return f"{known} {count}{missing}{doubt}"


def counted(number: int, noun: str) -> str:
    """*1 outlet*, *2 outlets*."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(names: Sequence[str]) -> str:
    """*A*, *A and B*, *A, B and C*."""
    unique = list(dict.fromkeys(name for name in names if name))
    if len(unique) < 2:
        return "".join(unique)
    return f"{', '.join(unique[:-1])} and {unique[-1]}"


# --- the grade -------------------------------------------------------------------------------------

Grade = Literal["A", "B", "C", "D", "E", "disputed"]
GRADES: dict[Grade, str] = {
    "A": "The words can be heard or read in full.",
    "B": "Firsthand in two newsrooms or more.",
    "C": "Firsthand in one newsroom, or credited to one.",
    "D": "Only at second hand, through somebody named.",
    "E": "Only through people unnamed, at third hand, or without saying through whom.",
    "disputed": "A denial or a serious flag was upheld.",
}
"""The grades and what each means, the best first. They judge sourcing, never truth."""


def grade(origin_classes: Sequence[str], *, is_disputed: bool = False) -> Grade:
    """The grade of a quote by the best class of each of its independent origins. Raises ValueError when there is none."""
    if is_disputed:
        return "disputed"
    best = best_class(origin_classes)
    if best == "firsthand":
        return "B" if origin_classes.count("firsthand") > 1 else "C"
    return {"record": "A", "pickup": "C", "secondhand": "D"}.get(best, "E")  # type: ignore[return-value]


def grade_reason(given: str, sourcing: str, via: Sequence[str], *, firsthand: int = 0, dispute: str = "") -> str:
    """Why a quote has its grade, in a few words: *known only through one named relay, Yuri Ushakov*.

    `firsthand` counts the newsrooms that had it themselves; `dispute` names what was upheld.
    """
    if given == "disputed":
        return f"{dispute or 'a serious flag'} was upheld by editors"
    if sourcing == "firsthand":
        return f"firsthand in {firsthand} newsrooms" if firsthand > 1 else "firsthand in one newsroom"
    named = [name for name in dict.fromkeys(via) if name]
    relays = f"one named relay, {named[0]}" if len(named) == 1 else f"{len(named)} named relays, {listed(named)}"
    return {
        "record": "the record is linked",
        "pickup": "another newsroom had it firsthand and is credited",
        "secondhand": f"known only through {relays}" if named else "known only at second hand",
        "secondhand_unnamed": "known only through people the articles do not name",
        "thirdhand": "it passed through two people or more",
        "not_stated": "the articles do not say through whom it came",
    }[sourcing]
