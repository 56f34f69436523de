"""Card numbers of visitors are not stored; repeated messages are still one."""

import pytest

from answerdesk.answering.blocks import paragraphs
from answerdesk.answering.generation.service import generate
from answerdesk.answering.generation.types import Prepared
from answerdesk.answering.types import Abstain, Answer, AnswerRequest, Exchange
from answerdesk.answering.writing import Writing
from answerdesk.core.tenancy import AccountId, ProjectId, new_id
from answerdesk.providers.fake_chat_model import FakeChatModel
from answerdesk.providers.model_chain import Breaker, Link, ModelChain
from tests.conftest import Rows
from tests.conversations.visitors.site import Guest, Site
from tests.dialects.keys import key_of
from tests.inbox.team import bare
from tests.privacy.asking import ok

CARD = "4111 1111 1111 1111"


def first(guest: Guest, conversation: str) -> str:
    content: str = guest.messages(conversation)[0]["content"]
    return content


def test_a_card_number_is_not_stored(rows: Rows, site: Site) -> None:
    guest = site.guest()
    conversation = guest.start(f"Charge {CARD}, call +49 30 1234567 or ann@example.com!")
    # People need the rest.
    assert first(guest, conversation) == "Charge [card], call +49 30 1234567 or ann@example.com!"
    key = key_of(site.owner, "sk_")
    body = {
        "widget_key": site.project_id.replace("proj_", "widget_"),
        "message": f"Charge {CARD}",
        "user_code": "42",
    }
    ok(site.visitor.post("/noras/api/chat", json=body, headers=key))
    kept = rows("select content from message where project_id = %s", bare(site.project_id))
    assert not [one for (one,) in kept if CARD in one]


def test_a_project_may_want_them(site: Site) -> None:
    site.change(privacy={"mask_cards": False})
    guest = site.guest()
    assert first(guest, guest.start(f"Charge {CARD}")) == f"Charge {CARD}"


def test_a_message_that_is_sent_again_is_one_whether_masked_or_not(rows: Rows, site: Site) -> None:
    guest = site.guest()
    conversation = guest.start(f"Charge {CARD}")
    rows("update turn set read = false where conversation_id = %s returning 1", bare(conversation))
    guest.ask(f"Charge {CARD}", conversation_id=conversation)
    said = [one["author"] for one in guest.messages(conversation)]
    assert said.count("visitor") == 1


@pytest.mark.parametrize("redact", [True, False])
async def test_a_model_is_given_nobodys_addresses(redact: bool) -> None:
    model = FakeChatModel()
    request = AnswerRequest(
        AccountId(new_id()),
        ProjectId(new_id()),
        f"I am ann@example.com with {CARD}",
        (Exchange("Call +49 30 1234567", "We wrote to ann@example.com"),),
        redact=redact,
    )
    extractive = Answer(paragraphs("An answer."), (), 0.9)
    prepared = Prepared((), extractive, Abstain((), 0.0), "en")
    writing = Writing(ModelChain([Link(model, Breaker())]))
    async for _ in generate(request, writing, prepared):
        pass
    [asked] = model.calls
    told = [turn.text for turn in asked.turns[1:]]
    if redact:
        assert told == [
            "Call [phone]",
            "We wrote to [e-mail]",
            "I am [e-mail] with [card]",
        ]
    else:
        assert "ann@example.com" in told[-1]
