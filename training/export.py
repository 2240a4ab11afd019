"""Writes the network as ONNX, makes it small (int8), and checks both against the original.

python -m training.export NETWORK.pt OUT_FOLDER
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from quotes.text.pieces import FEATURES
from training.network import BASE, Network

AGREEMENT = 1e-3
"""The largest difference of a score that the float export may show."""


def export(weights: Path, out: Path) -> None:
    network = Network()
    network.load_state_dict(torch.load(weights, weights_only=True))
    network.encoder.config._attn_implementation = "eager"
    network.eval()
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(BASE / "tokenizer.json", out / "tokenizer.json")
    whole, ready, small = out / "network.onnx", out / "ready.onnx", out / "tagger.onnx"
    ids, features = sample(60)
    torch.onnx.export(
        network,
        (ids, features),
        whole,
        dynamo=False,
        opset_version=17,
        input_names=["ids", "features"],
        output_names=["labels", "links"],
        dynamic_axes={name: {1: "n"} for name in ("ids", "features", "labels", "links")},
    )
    difference = compare(network, whole)
    if difference > AGREEMENT:
        raise SystemExit(f"The export differs from the network by {difference:.2g}.")
    quant_pre_process(whole, ready, skip_symbolic_shape=True)
    quantize_dynamic(
        ready, small, weight_type=QuantType.QInt8, per_channel=True, extra_options={"MatMulConstBOnly": True}
    )
    whole.unlink()
    ready.unlink()
    size = small.stat().st_size / 1e6
    print(f"float: differs by {difference:.1e}; int8: by {compare(network, small):.2f}, {size:.1f} MB")


def sample(n: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(n)
    ids = torch.randint(1000, 20000, (1, n), generator=generator)
    features = torch.stack([torch.randint(0, values, (1, n), generator=generator) for values in FEATURES.values()], -1)
    return ids, features


def compare(network: Network, path: Path) -> float:
    """The largest difference of any label score between the network and an exported file."""
    ids, features = sample(131)
    with torch.no_grad():
        wanted = network(ids, features)[0].numpy()
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    got = session.run(["labels"], {"ids": ids.numpy(), "features": features.numpy()})[0]
    return float(np.abs(got - wanted).max())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    export(options.weights, options.out)
