"""Our graph against PyTorch on the same weights; `make_minilm_reference.py` made the vectors."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from answerdesk.kit.spans import Span
from answerdesk.providers.embedder import Passage
from answerdesk.providers.minilm import MiniLmEmbedder
from tests.providers.question_vectors import question_vectors

REFERENCE: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("minilm_reference.json").read_text(encoding="utf-8")
)
NEAR = 0.98
"""Of a text without a word 0.982; of any other 0.993 and more."""

READ_WHOLE = [entry for entry in REFERENCE if not entry["truncated"]]


def assert_same(ours: np.ndarray, reference: list[float]) -> None:
    expected = np.array(reference)
    assert np.abs(ours - expected).max() <= 1e-3
    assert ours @ expected / np.linalg.norm(expected) >= 0.9999


def assert_near(ours: np.ndarray, reference: list[float]) -> None:
    """Assert what int8 keeps of a question (decision 19)."""
    expected = np.array(reference)
    assert np.linalg.norm(ours) == pytest.approx(1, abs=1e-5)
    assert ours @ expected / np.linalg.norm(expected) >= NEAR


@pytest.mark.parametrize("entry", REFERENCE, ids=lambda entry: entry["name"])
async def test_questions(minilm: MiniLmEmbedder, entry: dict[str, Any]) -> None:
    (ours,) = await question_vectors(minilm, [entry["text"]])
    assert_near(ours, entry["whole"])


async def test_questions_where_the_processor_is_not_made_for_int8() -> None:
    plain = MiniLmEmbedder(threads=1, int8=False)
    rows = await question_vectors(plain, [entry["text"] for entry in REFERENCE])
    await plain.close()
    for ours, entry in zip(rows, REFERENCE, strict=True):
        assert_same(ours, entry["whole"])


async def test_questions_in_int8_are_near_them() -> None:
    quantised = MiniLmEmbedder(threads=1, int8=True)
    rows = await question_vectors(quantised, [entry["text"] for entry in REFERENCE])
    await quantised.close()
    for ours, entry in zip(rows, REFERENCE, strict=True):
        assert_near(ours, entry["whole"])


async def test_questions_together_are_each_read_alone(minilm: MiniLmEmbedder) -> None:
    fresh = MiniLmEmbedder(threads=2)
    rows = await question_vectors(fresh, [entry["text"] for entry in REFERENCE])
    await fresh.close()
    for ours, entry in zip(rows, REFERENCE, strict=True):
        (alone,) = await question_vectors(minilm, [entry["text"]])
        np.testing.assert_allclose(ours, alone, atol=1e-5)


async def test_passages_and_their_sentences(minilm: MiniLmEmbedder) -> None:
    passages = [
        Passage(entry["text"], tuple(Span(*span) for span in entry["spans"]))
        for entry in READ_WHOLE
    ]
    sentences = 0
    for ours, entry in zip(await minilm.embed_passages(passages), READ_WHOLE, strict=True):
        assert_same(ours.vector, entry["whole"])
        for row, reference in zip(ours.sentences, entry["sentences"], strict=True):
            assert_same(row, reference)
            sentences += 1
    assert sentences >= 30
