"""What a model may send with a call: the visitor's own values, in the visitor's own words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from answerdesk.agents.actions.tools import described, values_for
from answerdesk.agents.actions.types import Action, ActionSettings, Parameter
from answerdesk.core.errors import InvalidInput
from answerdesk.core.tenancy import AccountId, ProjectId, new_id

SAID = ("My mail is ada@shop.example.", "Is order A-1234, of 3.5.2026, in Berlin? I paid 12,50.")


def parameter(**fields: Any) -> Parameter:
    return Parameter(name="one", **fields)


@pytest.mark.parametrize(
    ("wanted", "arguments"),
    [
        (parameter(example="A-1234"), '{"one": "A-9999"}'),
        (parameter(example="A-1234"), '{"one": "Berlin"}'),
        (parameter(), '{"one": "Paris"}'),
        (parameter(), '{"one": ""}'),
        (parameter(), '{"one": true}'),
        (parameter(), '{"one": "[card]"}'),
        (parameter(format="email"), '{"one": "eve@shop.example"}'),
        (parameter(format="date"), '{"one": "2026-05-04"}'),
        (parameter(type="number"), '{"one": 13}'),
        (parameter(type="number"), '{"one": NaN}'),
        (parameter(type="number"), f'{{"one": 1{"0" * 3000}}}'),
        (parameter(type="boolean"), '{"one": "yes"}'),
        (parameter(choices=("small", "large")), '{"one": "Berlin"}'),
        (parameter(), '{"one": null}'),
        (parameter(), '{"two": "Berlin", "one": "Berlin"}'),
        (parameter(), "null"),
        (parameter(), '{"one": "Berlin"'),
    ],
)
def test_what_the_visitor_has_not_written_is_refused(wanted: Parameter, arguments: str) -> None:
    with pytest.raises(InvalidInput):
        values_for([wanted], arguments, SAID)


@pytest.mark.parametrize(
    ("wanted", "arguments", "value"),
    [
        (parameter(example="A-1234"), '{"one": "a-1234"}', "A-1234"),
        (parameter(), '{"one": "Berlin"}', "Berlin"),
        (parameter(format="email"), '{"one": "ada@shop.example"}', "ada@shop.example"),
        (parameter(format="email"), '{"one": "[e-mail]"}', "ada@shop.example"),
        (parameter(format="date"), '{"one": "2026-05-03"}', "2026-05-03"),
        (parameter(type="number"), '{"one": 12.5}', 12.5),
        (parameter(type="boolean"), '{"one": false}', False),
        (parameter(choices=("small", "large")), '{"one": "large"}', "large"),
        (parameter(), '{"one": 1234}', "1234"),
    ],
)
def test_what_the_visitor_has_written_is_sent(
    wanted: Parameter, arguments: str, value: object
) -> None:
    assert values_for([wanted], arguments, SAID) == {"one": value}


def test_each_tool_has_a_name_that_every_provider_takes() -> None:
    now = datetime.now(UTC)
    account, project = AccountId(new_id()), ProjectId(new_id())
    settings = ActionSettings(
        url="https://shop.example/{one}", parameters=(parameter(choices=("small", "large")),)
    )
    names = ("Order status", "order, status!", "注文状況", "a" * 100)
    actions = [
        Action(account, new_id(), project, name, settings, (), 1, now, now) for name in names
    ]
    tools = [one.tool for one in described(actions)]
    assert [one.name for one in tools] == ["order_status", "order_status_2", "action", "a" * 48]
    assert tools[2].description == "注文状況"
    assert tools[0].parameters["properties"] == {
        "one": {"type": "string", "description": "one (small, large)", "enum": ["small", "large"]}
    }
