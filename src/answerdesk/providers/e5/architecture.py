"""The model's dimensions, which its graph, weights and tokenizer share.

Source: `config.json` beside the weights of intfloat/multilingual-e5-small.
"""

from typing import Final

LAYERS: Final = 12
HEADS: Final = 12
HIDDEN: Final = 384
INTERMEDIATE: Final = 1536
VOCABULARY: Final = 250037
POSITIONS: Final = 512
LAYER_NORM_EPSILON: Final = 1e-12

BLOCK: Final = 32
"""Numbers of a matrix's row that share one scale; each has four bits."""

WINDOW: Final = 256
"""Maximum tokens to read at a time, with all that is added. The model could read twice as many, but
a question waits for the running pass."""

QUESTION_PREFIX: Final = "query:"
PASSAGE_PREFIX: Final = "passage:"
"""The model was trained with these before every question and passage."""
