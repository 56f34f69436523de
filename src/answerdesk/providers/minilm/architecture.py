"""What the model is: the sizes its graph, its weights and its tokenizer agree on.

Source: `config.json` and `sentence_bert_config.json` beside the weights of
sentence-transformers/all-MiniLM-L6-v2.
"""

from typing import Final

LAYERS: Final = 6
HEADS: Final = 12
HIDDEN: Final = 384
INTERMEDIATE: Final = 1536
VOCABULARY: Final = 30522
LAYER_NORM_EPSILON: Final = 1e-12

WINDOW: Final = 256
"""Tokens that the reference model reads at once, [CLS] and [SEP] included."""
