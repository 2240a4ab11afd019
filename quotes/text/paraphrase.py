"""How near two wordings are when hardly a word is shared: for translations back and forth, and paraphrases.

The cosine of the two bags of stems, each stem weighed by how much it tells. It ranks what one speaker said in the same
days; it decides nothing, because two remarks on one subject are as near as two translations of one remark.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from quotes.text.frequencies import Frequencies
from quotes.text.keys import key_of
from quotes.text.match import FUNCTION_WEIGHT
from quotes.text.words import FUNCTION, words


def weighed(wording: str, known: Frequencies) -> dict[str, float]:
    """Stem -> weight, words of grammar included at little."""
    stems = {word.stem for word in words(wording)}
    return {stem: FUNCTION_WEIGHT if stem in FUNCTION else known.weight(key_of(stem)) for stem in stems}


def nearness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """0 (nothing shared) to 1 (the same words in any order)."""
    common = sum(weight * other[stem] for stem, weight in one.items() if stem in other)
    size = math.hypot(*one.values()) * math.hypot(*other.values())
    return min(1.0, common / size) if size else 0.0
