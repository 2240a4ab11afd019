"""How likely a relation is right: content and source both, as a person would mark them (0 to 1).

A logistic regression on what the network was sure of and on whether the rules read the same. Its weights are
fitted by training/tune.py on articles the network has not seen, and stored with the model.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from quotes.text.cues import UNKNOWN, verb_in
from quotes.text.decoding import Relation
from quotes.text.parties import How
from quotes.text.pieces import Pieces
from quotes.text.rules import Triple
from quotes.text.spans import Span, common, length

SPEAKER_RIGHT: dict[How, float] = {
    "name": 0.96,
    "title": 0.94,
    "dated title": 0.94,
    "epithet": 0.94,
    "pronoun": 0.94,
    "as printed": 0.85,
    "nobody": 0.5,
}
"""The share of answers of each kind that are right, on labelled articles (docs/method.md); *nobody* is no answer."""

RELAY_RIGHT = 0.97
"""The share of stated relays that are right, measured likewise."""

INFERRED_RIGHT = 0.6
"""An estimate: the labelled articles hold no inferred relay that is read."""

BEYOND_DOUBT = 50.0
SHORT = 15
"""Characters of content below which a relation is rarely one."""


def evidence(text: str, cut: Pieces, relation: Relation, ruled: Sequence[Triple]) -> dict[str, float]:
    """The features of the regression. `ruled` are the rules' outermost relations in the order of their cues."""
    assert relation.cue is not None
    cue = relation.cue.span(cut)
    contents = [content.span(cut) for content in relation.contents]
    agreeing = same_cue(ruled, cue)
    verb = verb_in(cue.of(text))
    size = length(contents)
    quoted = _quoted(cut, relation)
    return {
        "one": 1.0,
        "content": log_odds(min(content.sure for content in relation.contents)),
        "cue": log_odds(relation.cue.sure),
        "source": log_odds(relation.source.sure) if relation.source else 0.0,
        "no source": float(relation.source is None),
        "content linked": log_odds(relation.linked),
        "source linked": log_odds(relation.sourced),
        "direct": float(quoted > 0.97),
        "mixed": float(0 < quoted <= 0.97),
        "rules see the cue": float(agreeing is not None),
        "rules agree on content": _agreement(agreeing.content, contents) if agreeing else 0.0,
        "rules agree on source": float(_same_source(agreeing, relation, cut)) if agreeing else 0.0,
        "speech": float(verb is None or verb.is_speech),
        "unknown cue": float(verb is UNKNOWN),
        "length": math.log(size + 1),
        "short": float(size < SHORT),
        "pieces": len(contents) - 1.0,
    }


def probability(weights: Mapping[str, float], found: Mapping[str, float]) -> float:
    """The logistic function of the weighted sum; features without a weight do not count."""
    total = sum(weights.get(name, 0.0) * value for name, value in found.items())
    return 1 / (1 + math.exp(-max(-BEYOND_DOUBT, min(BEYOND_DOUBT, total))))


def of_attribution(relation: float, how: How, inferred: Sequence[bool]) -> float:
    """The share of attributions like this that are right in every part (0 to 1): relation, speaker, and each relay.

    `inferred` says of each relay whether it is inferred rather than stated.
    """
    value = relation * SPEAKER_RIGHT[how]
    for is_inferred in inferred:
        value *= INFERRED_RIGHT if is_inferred else RELAY_RIGHT
    return round(value, 3)


def log_odds(share: float) -> float:
    share = min(max(share, 1e-4), 1 - 1e-4)
    return math.log(share / (1 - share))


def same_cue(ruled: Sequence[Triple], cue: Span) -> Triple | None:
    """The relation, of those in the order of their cues, that has the same cue."""
    at = bisect_left(ruled, cue.start, key=lambda triple: triple.cue[0].end)
    for triple in ruled[at : at + 2]:
        if triple.cue[0].overlaps(cue):
            return triple
    return None


def _agreement(one: Sequence[Span], other: Sequence[Span]) -> float:
    """Characters in both contents, as a share of those in either."""
    shared = common(one, other)
    return shared / max(1, length(one) + length(other) - shared)


def _same_source(ruled: Triple, relation: Relation, cut: Pieces) -> bool:
    if not ruled.source or relation.source is None:
        return not ruled.source and relation.source is None
    return ruled.source[0].overlaps(relation.source.span(cut))


def _quoted(cut: Pieces, relation: Relation) -> float:
    """The share of the content's pieces that stand in quotation marks."""
    places = [place for part in relation.contents for place in cut.features[part.first : part.last, 1]]
    return sum(bool(place > 0) for place in places) / len(places)
