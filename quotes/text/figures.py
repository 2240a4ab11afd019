"""Numbers as values: *twelve*, *12* and *a dozen* are one; so are *5 per cent* and *5%*, *$5m* and *5 million dollars*."""

from __future__ import annotations

import re
from collections.abc import Sequence

UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """.split()
TENS = {
    word: 10 * ten for ten, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
SIZES = {
    "hundred": 100.0,
    "dozen": 12.0,
    "thousand": 1e3,
    "lakh": 1e5,
    "million": 1e6,
    "crore": 1e7,
    "billion": 1e9,
    "trillion": 1e12,
}
SIZES |= {f"{size}s": value for size, value in SIZES.items()}
SUFFIXES = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12}
ORDINALS = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
}
FRACTIONS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
DIGITS = re.compile(r"(?P<minus>[-−])?(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<suffix>k|mn|m|bn|b|tn|st|nd|rd|th)?$")
PERCENT = frozenset(("%", "percent", "pct"))


def figure(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """The figure that begins at `words[at]` (lower case), as `#value`, and how many words it takes; None for none.

    Shares of a whole are values below one (*75 per cent*, *three-quarters*); ordinals read `#3th`.
    """
    word = words[at]
    value, taken = _value(word), 1
    if word == "one" and words[at + 1 : at + 2] == ["in"] and at + 2 < len(words) and (many := _value(words[at + 2])):
        return f"#{1 / many:.10g}", 3
    if word in {"a", "an", "one"} and at + 1 < len(words):
        return _share(words, at, 1.0) or _sized(words, at, 1.0)
    if value is None:
        return _alone(words, at)
    match = DIGITS.match(word)
    if match and match["suffix"] in {"st", "nd", "rd", "th"}:
        return (["first", "second"][int(value) - 1] if value in {1, 2} else f"#{value:g}th"), 1
    if word in TENS and at + 1 < len(words) and words[at + 1] in UNITS[1:10]:
        value, taken = value + UNITS.index(words[at + 1]), 2
    share = _share(words, at + taken - 1, value) if value < 10 else None
    if share is not None:
        return share[0], share[1] + taken - 1
    while at + taken < len(words):
        following = words[at + taken]
        if following in SIZES:
            value *= SIZES[following]
        elif following == "and" and at + taken + 1 < len(words) and value >= 100 and _small(words[at + taken + 1]):
            taken += 1
            value += _value(words[at + taken]) or 0
        elif following in PERCENT:
            value /= 100
        else:
            break
        taken += 1
    return f"#{value:.10g}", taken


def _alone(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """*third*, *dozens*, *half*: figures that need no numeral before them."""
    word = words[at]
    if word in ORDINALS and word not in {"second", "first"}:
        return f"#{ORDINALS[word]:g}th", 1
    if word == "half" and at + 2 < len(words) and words[at + 1] in {"a", "the"} and words[at + 2] in SIZES:
        return f"#{SIZES[words[at + 2]] / 2:.10g}", 3
    return None


def _share(words: Sequence[str], at: int, count: float) -> tuple[str, int] | None:
    """*three quarters*, *a third*"""
    following = words[at + 1].removesuffix("s") if at + 1 < len(words) else ""
    if following in FRACTIONS and not (count == 1.0 and words[at] == "one" and following == "second"):
        return f"#{count * FRACTIONS[following]:.10g}", 2
    return None


def _sized(words: Sequence[str], at: int, count: float) -> tuple[str, int] | None:
    """*a million*, *a dozen*"""
    value, taken = count, 1
    while at + taken < len(words) and words[at + taken] in SIZES:
        value *= SIZES[words[at + taken]]
        taken += 1
    return (f"#{value:.10g}", taken) if taken > 1 else None


def _value(word: str) -> float | None:
    if word in UNITS:
        return None if word == "one" else float(UNITS.index(word))
    if word in TENS:
        return float(TENS[word])
    match = DIGITS.match(word)
    if match is None:
        return None
    value = float(match["digits"].replace(",", ""))
    value *= SUFFIXES.get(match["suffix"] or "", 1.0)
    return -value if match["minus"] else value


def _small(word: str) -> bool:
    value = _value(word)
    return value is not None and value < 100
