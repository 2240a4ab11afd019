"""How well wordings end up in quotes: B-cubed precision, recall and F1 on labelled pairs.

python -m training.clusters PAIRS.jsonl

The wordings of the real pairs, each once, are put together by the rules of the site: pairs from the likeliest down,
average link over the wordings of two quotes that stand in different articles, no alarm among them. The weights are fitted on the other folds
(five, as in training/match.py). Gold are the connected components of the pairs labelled the same. B-cubed: Bagga and
Baldwin, 1998; the mean over wordings of the share of its cluster that belongs with it, and of what belongs with it that is
in its cluster. A figure for the wordings that have company in gold stands beside that for all.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

import numpy as np

from quotes.text.match import LEAST_MEAN, SAME_AT, evidence, may_link
from training.match import FOLDS, SEEDS, fitted, wording

Unit = tuple[str, str]
"""Article and text."""


def components(units: Iterable[Unit], edges: Iterable[tuple[Unit, Unit]]) -> dict[Unit, Unit]:
    """Unit -> one unit that stands for its component."""
    parent = {unit: unit for unit in units}

    def root(unit: Unit) -> Unit:
        while parent[unit] != unit:
            parent[unit] = unit = parent[parent[unit]]
        return unit

    for one, other in edges:
        parent[root(one)] = root(other)
    return {unit: root(unit) for unit in parent}


def clusters(
    units: list[Unit],
    likely: Mapping[frozenset[Unit], float],
    barred: set[frozenset[Unit]],
    alarmed: set[frozenset[Unit]],
) -> dict[Unit, Unit]:
    """The rules of services.match over all at once: `likely` holds probabilities, `barred` what may not be linked itself,
    `alarmed` what may not meet in one quote."""
    members = {unit: [unit] for unit in units}
    found = {unit: unit for unit in units}
    for pair, probability in sorted(likely.items(), key=lambda entry: -entry[1]):
        one, other = (found[unit] for unit in pair)
        if probability < SAME_AT or one == other or pair in barred or _is_of_one_article(pair):
            continue
        cross = [frozenset((a, b)) for a in members[one] for b in members[other] if a[0] != b[0]]
        mean = sum(likely[each] for each in cross) / len(cross)
        if mean >= LEAST_MEAN and not any(each in alarmed for each in cross):
            for unit in members.pop(other):
                found[unit] = one
                members[one].append(unit)
    return found


def _is_of_one_article(pair: frozenset[Unit]) -> bool:
    return len({article for article, _ in pair}) < 2


def b_cubed(units: list[Unit], found: Mapping[Unit, Unit], gold: Mapping[Unit, Unit]) -> tuple[float, float, float]:
    here, there = defaultdict(set), defaultdict(set)
    for unit in gold:
        here[found[unit]].add(unit)
        there[gold[unit]].add(unit)
    common = [len(here[found[unit]] & there[gold[unit]]) for unit in units]
    precision = sum(n / len(here[found[unit]]) for n, unit in zip(common, units, strict=True)) / len(units)
    recall = sum(n / len(there[gold[unit]]) for n, unit in zip(common, units, strict=True)) / len(units)
    return precision, recall, 2 * precision * recall / (precision + recall)


def main(path: Path) -> None:
    pairs = [row for row in map(json.loads, path.open(encoding="utf-8")) if row["origin"] == "real"]
    ends = [tuple((row[side]["article"], row[side]["text"]) for side in "ab") for row in pairs]
    said = {
        end: wording(row[side])
        for row, two in zip(pairs, ends, strict=True)
        for side, end in zip("ab", two, strict=True)
    }
    units = list(said)
    gold = components(units, [two for two, row in zip(ends, pairs, strict=True) if row["same"]])
    weighed = {frozenset(two): evidence(said[two[0]], said[two[1]]) for two in combinations(units, 2)}
    barred = {two for two, found in weighed.items() if not may_link(found)}
    alarmed = {two for two, found in weighed.items() if found.alarms}
    rows = np.array([list(evidence(said[one], said[other]).features().values()) for one, other in ends])
    same = np.array([float(row["same"]) for row in pairs])
    every = np.array([list(found.features().values()) for found in weighed.values()])
    in_company = [unit for unit in units if sum(gold[other] == gold[unit] for other in units) > 1]
    print(f"{len(units)} wordings, {len(set(gold.values()))} quotes, {len(in_company)} wordings in company")
    results = []
    for seed in SEEDS:
        fold = np.random.RandomState(seed).permutation(len(rows)) % FOLDS
        own = {frozenset(two): number for two, number in zip(ends, fold, strict=True)}
        held_out = [1 / (1 + np.exp(-(every @ fitted(rows[fold != n], same[fold != n])))) for n in range(FOLDS)]
        likely = {two: float(held_out[own.get(two, 0)][at]) for at, two in enumerate(weighed)}
        found = clusters(units, likely, barred, alarmed)
        results.append([*b_cubed(units, found, gold), *b_cubed(in_company, found, gold)])
    for label, part in (("all", slice(0, 3)), ("in company", slice(3, 6))):
        precision, recall, f1 = np.mean(results, 0)[part]
        print(f"{label:11} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
