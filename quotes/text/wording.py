"""Sentences about a quote that are safe to print: the verdict, and how each class is said in words."""

from __future__ import annotations

from collections.abc import Sequence

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
    places = f" in {_counted(outlets, 'outlet')}" if outlets else ""
    rest = f", {'which rest on one origin' if origins == 1 else f'from {origins} independent origins'}"
    count = f"{_counted(articles, 'article')}{places}{rest if articles > 1 else ''}."
    doubt = " The wording of the article leaves open whether it was said." if hedged else ""
    missing = (
        "" if sourcing in {"record", "firsthand", "pickup"} else " No firsthand source found in what Hearsay has read."
    )
    return f"{known} {count}{missing}{doubt}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(names: Sequence[str]) -> str:
    """*A*, *A and B*, *A, B and C*."""
    unique = list(dict.fromkeys(name for name in names if name))
    if len(unique) < 2:
        return "".join(unique)
    return f"{', '.join(unique[:-1])} and {unique[-1]}"
