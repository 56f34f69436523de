"""What speed is measured on: texts that fill a project, and questions to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, pairwise

import numpy as np

from answerdesk.kit.sentences import sentences
from benchmarks.data import passage_set
from benchmarks.speed.server import made_up_texts, synthetic_text, vocabulary

_SEED = 5


@dataclass(frozen=True, slots=True)
class Corpus:
    """Markdown texts, each with its title, and questions: more than any memory of vectors holds."""

    name: str
    texts: tuple[tuple[str, str], ...]
    questions: tuple[str, ...] = field(repr=False)

    def asked(self) -> Iterator[str]:
        """Return the questions one after the other without an end, in the same order each time."""
        return cycle(self.questions)


def real(chunks: int) -> Corpus:
    """Return the paragraphs and the questions of `squad2` and `xquad_en`.

    These are 396 paragraphs. A larger project gets more of the same articles: halves of two
    paragraphs that follow each other, put together. Raises `DataMissing`.
    """
    sets = passage_set("squad2"), passage_set("xquad_en")
    by_article: dict[str, dict[str, None]] = {}
    for paragraph in (one for each in sets for one in each.paragraphs):
        by_article.setdefault(paragraph.title, {})[paragraph.text] = None
    articles = {title: [_halves(text) for text in texts] for title, texts in by_article.items()}
    plain = [(title, one) for title, halves in articles.items() for one in halves]
    later = [
        (title, (one[1], other[0]))
        for title, halves in articles.items()
        for one, other in pairwise(halves)
    ]
    crossed = [
        (title, (one[0], other[1]))
        for title, halves in articles.items()
        for one, other in pairwise(halves)
    ]
    texts = tuple(
        (title.replace("_", " "), " ".join(parts).strip())
        for title, parts in (plain + later + crossed)[:chunks]
    )
    questions = list(dict.fromkeys(one.text for each in sets for one in each.questions))
    np.random.default_rng(_SEED).shuffle(questions)
    return Corpus("real", texts, tuple(questions))


def made_up(chunks: int) -> Corpus:
    """Return sections of made-up words, and questions of 14 of them, which need no data."""
    words = vocabulary(np.random.default_rng(1))
    asking = np.random.default_rng(2)
    questions = tuple(
        f"What is {synthetic_text(asking, words).split('.')[0].lower()}?" for _ in range(3000)
    )
    return Corpus("made-up", made_up_texts(chunks), questions)


def _halves(text: str) -> tuple[str, str]:
    """Cut a paragraph after the sentence that ends next to its middle."""
    spans: Sequence[tuple[int, int]] = [(one.start, one.end) for one in sentences(text, "en")]
    cut = min((end for _, end in spans), key=lambda end: abs(end - len(text) / 2), default=0)
    return text[:cut].strip(), text[cut:].strip()
