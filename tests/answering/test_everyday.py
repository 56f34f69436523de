"""What visitors call by another everyday name than the page is found and answered from it."""

import pytest

from answerdesk.answering.service import Answering
from answerdesk.answering.types import Abstain, Answer, AnswerRequest
from answerdesk.core.database import Database
from answerdesk.knowledge.search.service import Search
from answerdesk.providers.minilm import MiniLmEmbedder
from tests.knowledge.search.library import Library

KILN = """# Settings of the kiln's controller

## Display

| Name | Default | Meaning |
|---|---|---|
| SCREEN_DIM | 30 | Seconds until the screen of the controller is dim. |
| SCREEN_UNIT | C | The unit in which the controller shows temperatures. |

## Firing

| Name | Default | Meaning |
|---|---|---|
| RAMP_LIMIT | 200 | The most degrees an hour. |
| LID_ALARM | on | Enables the beeper that sounds while the lid is open. |
"""
POTTERY = """# Your place in the pottery

## Two-step verification

Hold your card to the reader, then type your word. To disable it, hold the card for ten seconds.

## How to pack

Wrap each tile in wool and fill the rest with straw. A parcel may weigh 12 kg.
"""


async def _answered(database: Database, question: str) -> Answer | Abstain:
    embedder = MiniLmEmbedder(threads=1)
    library = await Library.open(database, embedder)
    await library.add("Kiln", KILN)
    await library.add("Pottery", POTTERY)
    answering = Answering(Search(library.database, library.embedder))
    request = AnswerRequest(library.account_id, library.project_id, question)
    answer = await answering.answer_whole(request)
    await embedder.close()
    assert isinstance(answer, Answer | Abstain)
    return answer


@pytest.mark.parametrize(
    "question",
    [
        "How do I turn on the heating of my car?",
        "How much does a package holiday in Greece cost?",
        "Can I swap my seat on the train?",
    ],
)
async def test_a_shared_everyday_name_is_no_answer(database: Database, question: str) -> None:
    assert isinstance(await _answered(database, question), Abstain)


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("Which setting turns on the beeper of the lid?", "LID_ALARM"),
        ("How do I turn off two-factor authentication?", "hold the card for ten seconds"),
    ],
)
async def test_a_page_answers_in_its_own_name(
    database: Database, question: str, shown: str
) -> None:
    answer = await _answered(database, question)
    assert isinstance(answer, Answer)
    assert shown in answer.text
