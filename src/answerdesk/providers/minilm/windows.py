"""The model's own tokenizer, and its windows."""

from pathlib import Path
from typing import Final

import numpy as np
from tokenizers import Encoding, Tokenizer

from answerdesk.providers.embedder import Passage
from answerdesk.providers.in_process.embedder import ModelMissing
from answerdesk.providers.in_process.windows import (
    QUESTION_CHARACTERS,
    TokenisedPassage,
    TokenisedQuestion,
    cut,
    encodable,
    pieces,
)
from answerdesk.providers.minilm.architecture import WINDOW
from answerdesk.providers.token_weights import FUNCTION, token_weights

CLS: Final = 101
SEP: Final = 102
CONTENT: Final = WINDOW - 2
"""Maximum tokens of the text itself in a window."""


class WindowTokenizer:
    """The model's own tokenizer, safe for any string."""

    def __init__(self, path: Path) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # The library raises nothing more specific.
            raise ModelMissing(
                f"{path} is not the tokenizer of all-MiniLM-L6-v2 ({error}). "
                "Install the model again."
            ) from error
        # The file requests truncation and padding to 128 tokens; this module does both itself.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def question(self, text: str) -> TokenisedQuestion:
        """Return the tokens of a question, cut to one window."""
        read = text[:QUESTION_CHARACTERS]
        encoding = self._encode(read)
        ids = np.concatenate([[CLS], np.array(encoding.ids[:CONTENT], np.int64), [SEP]])
        weights = token_weights(read, encoding.offsets[:CONTENT])
        added = np.full(1, FUNCTION, np.float32)
        return TokenisedQuestion(ids, np.concatenate([added, weights, added]))

    def passage(self, passage: Passage) -> TokenisedPassage:
        """Return the passage's tokens; a token belongs to the sentence in which it starts."""
        ids, starts = [], []
        for first, end in pieces(passage.text):
            encoding = self._encode(passage.text[first:end])
            ids.append(np.array(encoding.ids, np.int64))
            starts.append(np.array([first + at for at, _ in encoding.offsets], np.int64))
        bounds = np.array(passage.sentences, np.int64).reshape(-1, 2)
        ranges = np.searchsorted(np.concatenate(starts), bounds).tolist()
        sentences = tuple((first, end) for first, end in ranges)
        total = sum(map(len, ids))
        return TokenisedPassage(
            ids=np.concatenate(ids),
            sentences=sentences,
            windows=tuple(cut([first for first, _ in sentences], total, CONTENT)),
            lead=(CLS,),
            trail=(SEP,),
        )

    def _encode(self, text: str) -> Encoding:
        return self._tokenizer.encode(encodable(text), add_special_tokens=False)
