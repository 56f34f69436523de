"""The row of a weekday answers, although the table shortens its name."""

from answerdesk.answering.service import Answering
from answerdesk.answering.types import Answer, AnswerRequest
from answerdesk.core.database import Database
from answerdesk.knowledge.search.service import Search
from answerdesk.providers.minilm import MiniLmEmbedder
from tests.knowledge.search.library import Library

HOURS = """# Opening hours

| Day | Hours |
|---|---|
| Mon | 9-17 |
| Tue | 10-18 |
| Sun | 11-15 |
"""


async def test_the_row_of_the_day_is_shown(database: Database) -> None:
    embedder = MiniLmEmbedder(threads=1)
    library = await Library.open(database, embedder)
    await library.add("Hours", HOURS)
    answering = Answering(Search(library.database, library.embedder))
    for day, row in (("Monday", "9-17"), ("Tuesday", "10-18"), ("Sunday", "11-15")):
        text = f"What are the opening hours on {day}?"
        request = AnswerRequest(library.account_id, library.project_id, text)
        answer = await answering.answer_whole(request)
        assert isinstance(answer, Answer)
        assert row in answer.text
        short = [day[:3]] if day != "Tuesday" else ["Tue", "Tues"]
        synonyms = answer.trace["synonyms"]
        assert isinstance(synonyms, dict)
        assert synonyms[day] == short
    await embedder.close()
