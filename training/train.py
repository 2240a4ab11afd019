"""Trains the tagger: python -m training.train CORPUS_FOLDER OUT_FOLDER [options]

Writes OUT/network.pt (the averaged weights) and goes on from OUT/state.pt when it was stopped on the way.
Seeds are fixed; on one machine with the same number of threads, two runs give the same weights.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from quotes.text.pieces import FEATURES, WINDOW, Pieces, pieces, tokenizer_from
from training import corpus
from training.augment import varied
from training.network import BASE, LINK, Network

CLS, SEP, IGNORED = 101, 102, -100
BATCH = 12
LINK_WEIGHT = 0.2
HEAD_RATE = 8
"""How much faster the new layers learn than the encoder."""
AVERAGING = 0.998
"""Decay of the moving average of the weights, a step."""


@dataclass(frozen=True, slots=True)
class Example:
    """One window: ids (n,), features (n, 3), labels (n,), and links as pairs of positions (0 is "none")."""

    ids: NDArray[np.int64]
    features: NDArray[np.int64]
    labels: NDArray[np.int64]
    cue_of: list[tuple[int, int]]
    source_of: list[tuple[int, int]]


def examples(cut: Pieces, wanted: corpus.Target, chance: random.Random) -> Iterator[Example]:
    """The windows of one article; their length is drawn anew, so that no paragraph always stands first."""
    longest = int(WINDOW * chance.choice((1.0, 1.0, chance.uniform(0.4, 1.0))))
    for start, end in cut.windows(longest):
        yield Example(
            cut.ids[start:end],
            cut.features[start:end],
            wanted.labels[start:end],
            _within(wanted.cue_of, start, end),
            _within(wanted.source_of, start, end),
        )


def _within(links: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Links that begin in the window, as positions after the start mark; a target outside it counts as none."""
    return [(a - start + 1, b - start + 1 if start <= b < end else 0) for a, b in links if start <= a < end]


def epoch(articles: list[corpus.Labelled], tokenizer: Tokenizer, chance: random.Random) -> list[list[Example]]:
    """Every article once, varied and cut anew, in batches of windows of like length."""
    found: list[Example] = []
    for article in articles:
        changed = varied(article, chance)
        cut = pieces(changed.text, tokenizer)
        found += examples(cut, corpus.target(changed, cut), chance)
    chance.shuffle(found)
    batches = []
    for at in range(0, len(found), BATCH * 20):
        near = sorted(found[at : at + BATCH * 20], key=lambda example: len(example.ids))
        batches += [near[i : i + BATCH] for i in range(0, len(near), BATCH)]
    chance.shuffle(batches)
    return batches


def loss_of(network: Network, batch: list[Example]) -> tuple[Tensor, Tensor]:
    """The tagging loss and the linking loss of a batch."""
    longest = max(len(example.ids) for example in batch) + 2
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    features = torch.zeros(len(batch), longest, len(FEATURES), dtype=torch.long)
    labels = torch.full((len(batch), longest), IGNORED)
    for row, example in enumerate(batch):
        n = len(example.ids)
        ids[row, : n + 2] = torch.tensor([CLS, *example.ids, SEP])
        features[row, 1 : n + 1] = torch.from_numpy(example.features)
        labels[row, 1 : n + 1] = torch.from_numpy(example.labels)
    mask = (ids != 0).long()
    with torch.autocast("cpu", torch.bfloat16):
        scores, vectors = network(ids, features, mask)
    tagging = F.cross_entropy(scores.float().flatten(0, 1), labels.flatten())
    vectors = vectors.float()
    linking = _link_loss(vectors[:, :, 0], vectors[:, :, 1], mask, [example.cue_of for example in batch])
    linking += _link_loss(vectors[:, :, 2], vectors[:, :, 3], mask, [example.source_of for example in batch])
    return tagging, linking


def _link_loss(looking: Tensor, looked_for: Tensor, mask: Tensor, links: list[list[tuple[int, int]]]) -> Tensor:
    rows = torch.tensor([row for row, found in enumerate(links) for _ in found], dtype=torch.long)
    if not len(rows):
        return torch.zeros(())
    heads = torch.tensor([a for found in links for a, _ in found])
    targets = torch.tensor([b for found in links for _, b in found])
    scores = torch.einsum("kd,knd->kn", looking[rows, heads], looked_for[rows]) / math.sqrt(LINK)
    return F.cross_entropy(scores.masked_fill(mask[rows] == 0, -1e4), targets)


def optimiser_for(network: Network, rate: float) -> torch.optim.Optimizer:
    body = [p for name, p in network.named_parameters() if p.requires_grad and name.startswith("encoder.")]
    head = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
    groups = [{"params": body, "lr": rate}, {"params": head, "lr": HEAD_RATE * rate}]
    return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)


class Training:
    """A run that can be stopped and taken up again after any epoch."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.tokenizer = tokenizer_from(BASE / "tokenizer.json")
        self.articles = corpus.load(options.corpus / "polnear_train.jsonl")
        self.network = Network(options.dropout)
        self.network.start_from_base()
        self.average = AveragedModel(self.network, multi_avg_fn=get_ema_multi_avg_fn(AVERAGING))
        self.optimiser = optimiser_for(self.network, options.rate)
        self.state = options.out / "state.pt"
        self.done = 0

    def take_up(self) -> None:
        """Goes on from the last epoch that was saved."""
        if self.state.exists():
            state = torch.load(self.state, weights_only=True)
            self.network.load_state_dict(state["network"])
            self.average.load_state_dict(state["average"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.done = state["epochs"]
            print(f"Going on after epoch {self.done}.")

    def one_epoch(self) -> None:
        seed = self.options.seed * 1000 + self.done
        torch.manual_seed(seed)
        batches = epoch(self.articles, self.tokenizer, random.Random(seed))
        began = time.monotonic()
        losses = []
        self.network.train()
        for step, batch in enumerate(batches):
            self._set_rate(self.done + step / len(batches))
            losses.append(self._learn(batch))
            if step % 50 == 49:
                left = (time.monotonic() - began) / (step + 1) * (len(batches) * self._epochs_left - step) / 60
                tagging, linking = np.mean(losses[-50:], axis=0)
                print(
                    f"epoch {self.done + 1}, step {step + 1}/{len(batches)}: "
                    f"tagging {tagging:.3f}, linking {linking:.3f}, {left:.0f} min left",
                    flush=True,
                )
        self.done += 1

    @property
    def _epochs_left(self) -> int:
        return int(self.options.epochs) - self.done

    def _set_rate(self, at: float) -> None:
        """Up during the first quarter of an epoch, then down in a straight line."""
        factor = min(1.0, at * 4 + 0.01) * max(0.02, 1 - at / self.options.epochs)
        for group, times in zip(self.optimiser.param_groups, (1, HEAD_RATE), strict=True):
            group["lr"] = self.options.rate * times * factor

    def _learn(self, batch: list[Example]) -> tuple[float, float]:
        tagging, linking = loss_of(self.network, batch)
        self.optimiser.zero_grad()
        (tagging + LINK_WEIGHT * linking).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.average.update_parameters(self.network)
        return tagging.item(), linking.item()

    def save(self) -> None:
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "epochs": self.done,
        }
        fresh = self.state.with_suffix(".new")
        torch.save(state, fresh)
        fresh.replace(self.state)
        torch.save(self.average.module.state_dict(), self.options.out / "network.pt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    training = Training(options)
    training.take_up()
    while training.done < options.epochs:
        training.one_epoch()
        training.save()


if __name__ == "__main__":
    main()
