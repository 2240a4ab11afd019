"""Fits the weights of quotes/text/match.py on labelled pairs, and prints what they are worth on pairs not seen.

python -m training.match PAIRS.jsonl [--write]

Five folds, drawn by seed; the figures are those of pairs that the weights of their fold were not fitted on. With
--write the weights fitted on all pairs go to quotes/text/data/match.json. Only real pairs are fitted on: constructed
ones carry no date, and their speakers are equal by construction.
"""

from __future__ import annotations

import argparse
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from quotes.text import match
from quotes.text.cues import DATA
from quotes.text.match import Wording, evidence

FOLDS = 5
SEEDS = range(8)
SLACK = 20.0
"""The inverse of the penalty on large weights (standardised features); chosen by the folds from 1, 5, 10, 20, 50."""

Matrix = NDArray[np.float64]


def wording(side: dict[str, Any]) -> Wording:
    dated = side.get("date") or next(iter(re.findall(r"_(\d{4}-\d\d-\d\d)_", side.get("article") or "")), None)
    return Wording(
        side["text"], side.get("source_resolved") or side.get("source"), date.fromisoformat(dated) if dated else None
    )


def fitted(rows: Matrix, same: Matrix) -> Matrix:
    """Weights for features as they come; the first feature is the constant."""
    middle, spread = rows.mean(0), rows.std(0) + 1e-9
    middle[0], spread[0] = 0.0, 1.0
    scaled = (rows - middle) / spread
    model = LogisticRegression(C=SLACK, max_iter=2000, fit_intercept=False).fit(scaled, same)
    weights = model.coef_[0] / spread
    weights[0] -= float(weights[1:] @ middle[1:])
    return np.asarray(weights)


def average_precision(found: Matrix, same: Matrix) -> float:
    order = np.lexsort((same, -found))
    hits = same[order].cumsum()
    return float((hits / np.arange(1, len(same) + 1))[same[order] == 1].mean())


def unseen(rows: Matrix, same: Matrix, real: Matrix, seed: int) -> Matrix:
    """The probability of each pair by weights fitted on the real pairs of the other folds."""
    fold = np.random.RandomState(seed).permutation(len(rows)) % FOLDS
    found = np.zeros(len(rows))
    for number in range(FOLDS):
        learned = fitted(rows[(fold != number) & real], same[(fold != number) & real])
        found[fold == number] = 1 / (1 + np.exp(-(rows[fold == number] @ learned)))
    return found


def wilson(hits: int, trials: int, z: float = 1.96) -> list[float]:
    """A share with its 95 % interval (Wilson 1927)."""
    share = hits / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    reach = z * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials**2)) / (1 + z * z / trials)
    return [round(float(value), 3) for value in (share, middle - reach, middle + reach)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    pairs = [json.loads(line) for line in options.pairs.open(encoding="utf-8") if line.strip()]
    weighed = [evidence(wording(pair["a"]), wording(pair["b"])) for pair in pairs]
    names = list(weighed[0].features())
    rows = np.array([[found.features()[name] for name in names] for found in weighed])
    same = np.array([float(pair["same"]) for pair in pairs])
    real = np.array([pair["origin"] == "real" for pair in pairs])
    calm = np.array([match.may_link(found) for found in weighed])
    figures: dict[str, list[float]] = {}
    for label, those in (("constructed", ~real), ("real", real)):
        worth = [average_precision(unseen(rows, same, real, seed)[those], same[those]) for seed in SEEDS]
        print(
            f"{label:12} average precision {np.mean(worth):.3f} (five folds, {len(SEEDS)} draws: {np.round(worth, 3)})"
        )
    figures["average precision"] = [round(float(v), 3) for v in (np.mean(worth), min(worth), max(worth))]
    for least in (0.5, 0.8, match.SAME_AT):
        shares = []
        for seed in SEEDS:
            linked = (unseen(rows, same, real, seed) >= least) & calm & real
            shares.append((same[linked].mean(), same[linked].sum() / same[real].sum()))
        precision, recall = (float(value) for value in np.mean(shares, 0))
        found = round(recall * float(same[real].sum()))
        figures["linked precision"] = wilson(found, round(found / precision))
        figures["linked recall"] = wilson(found, int(same[real].sum()))
        print(f"p ≥ {least}, no alarm: precision {np.mean(shares, 0)[0]:.3f}, recall {np.mean(shares, 0)[1]:.3f}")
    weights = dict(zip(names, np.round(fitted(rows[real], same[real]), 4).tolist(), strict=True))
    print(json.dumps(weights, indent=2))
    if options.write:
        (DATA / "match.json").write_text(
            json.dumps({"weights": weights, "figures": figures}, indent=2) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
