"""Makes the background table of key frequencies from the sentences of polnear_train: counts of hashed keys, no text.

python -m training.frequencies CORPUS_FOLDER

Keys of a single sentence are left out: they are counted as one anyway.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np

from quotes.text.cues import DATA
from quotes.text.keys import keys
from quotes.text.quotation import quotations
from quotes.text.sentences import sentences

LEAST = 2


def counted(corpus: Path) -> tuple[Counter[int], int]:
    """In how many sentences each key occurs, and how many sentences there are."""
    counts: Counter[int] = Counter()
    total = 0
    for line in (corpus / "polnear_train.jsonl").open(encoding="utf-8"):
        text = json.loads(line)["text"]
        for sentence in sentences(text, quotations(text)):
            counts.update(keys(sentence.span.of(text)))
            total += 1
    return counts, total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    counts, total = counted(parser.parse_args().corpus)
    kept = sorted((key, count) for key, count in counts.items() if count >= LEAST)
    np.savez_compressed(
        DATA / "frequencies.npz",
        keys=np.array([key for key, _ in kept], np.int32),
        counts=np.array([count for _, count in kept], np.int32),
        total=np.int64(total),
    )
    print(f"{len(kept):,} keys of {total:,} sentences are in {DATA / 'frequencies.npz'}.")


if __name__ == "__main__":
    main()
