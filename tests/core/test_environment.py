"""The environment: what does not hold, and what is no setting, is told by the variable's name."""

import os
import re

import pytest

from answerdesk.core.environment import load_settings, variables
from answerdesk.core.errors import InvalidInput
from tests.core.phrases import phrases_in
from tests.rules.tree import texts

_ELSEWHERE = {
    "ANSWERDESK_CHROMIUM",
    "ANSWERDESK_EVAL_DATA",
    "ANSWERDESK_IDENTITY_SECRET",
    "ANSWERDESK_SCREENSHOTS",
}
_EXAMPLES = {"ANSWERDESK_BACKUP", "ANSWERDESK_TEAM", "ANSWERDESK_SERVICE_HOST"}
_MADE_UP = {"tests/core/test_environment.py", "tests/entrypoints/test_cli_refusals.py"}


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests' own environment say nothing."""
    for name in os.environ:
        if name.upper().startswith("ANSWERDESK_") or name in variables():
            monkeypatch.delenv(name)


def refused() -> str:
    with pytest.raises(InvalidInput) as error:
        load_settings()
    assert error.value.code == "invalid_settings"
    assert phrases_in(error.value.message) == []
    return error.value.message.removeprefix("The settings are wrong: ")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ANSWERDESK_DATADIR", "ANSWERDESK_DATA_DIR"),
        ("ANSWERDESK_PUBLIC_URI", "ANSWERDESK_PUBLIC_URL"),
        ("ANSWERDESK_OWNERKEY", "ANSWERDESK_OWNER_KEY"),
        ("answerdesk_ebmedder", "ANSWERDESK_EMBEDDER"),
        ("ANSWERDESK_PAGES_NETWORK", "ANSWERDESK_PAGE_NETWORKS"),
    ],
)
def test_a_misspelled_variable_is_told_with_the_one_that_is_meant(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    monkeypatch.setenv(name, "x")
    assert refused() == f"there is no setting {name}; did you mean {meant}?"


def test_a_variable_like_no_other_is_told_with_the_way_to_keep_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANSWERDESK_BACKUP_BUCKET", "s3://here")
    text = refused()
    assert text.startswith("there is no setting ANSWERDESK_BACKUP_BUCKET")
    assert "ANSWERDESK_OTHER_VARIABLES" in text


def test_everything_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSWERDESK_DATABASE_POOL", "many")
    monkeypatch.setenv("ANSWERDESK_SIGNUP", "opne")
    monkeypatch.setenv("PORT", "70000")
    monkeypatch.setenv("ANSWERDESK_DATADIR", "x")
    assert refused() == (
        "ANSWERDESK_DATABASE_POOL has to be a whole number; PORT has to be 65,535 or less; "
        'ANSWERDESK_SIGNUP has to be "open", "invite" or "closed"; did you mean open?; '
        "there is no setting ANSWERDESK_DATADIR; did you mean ANSWERDESK_DATA_DIR?"
    )


@pytest.mark.parametrize("value", ["", " ", "-1", "x", "1e999", "\N{SNOWMAN}", "[", "tcp:", "a,b"])
@pytest.mark.parametrize("name", variables())
def test_no_setting_is_refused_in_a_validators_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    message = ""
    try:
        load_settings()
    except InvalidInput as error:
        message = error.message
    assert phrases_in(message) == []
    assert not message or re.search(r"ANSWERDESK_\w+|DATABASE_\w*URL|PORT", message)


def test_what_belongs_to_something_else_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSWERDESK_BACKUP_BUCKET", "s3://here")
    monkeypatch.setenv("ANSWERDESK_BACKUP_KEY", "k")
    monkeypatch.setenv("ANSWERDESK_TEAM", "blue")
    monkeypatch.setenv("ANSWERDESK_OTHER_VARIABLES", "ANSWERDESK_BACKUP_*, ANSWERDESK_TEAM")
    assert load_settings().other_variables == ("ANSWERDESK_BACKUP_*", "ANSWERDESK_TEAM")
    monkeypatch.setenv("ANSWERDESK_DATADIR", "x")
    assert refused() == "there is no setting ANSWERDESK_DATADIR; did you mean ANSWERDESK_DATA_DIR?"


def test_what_an_orchestrator_sets_for_services_is_nothing_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As Kubernetes does for the services `answerdesk` and `answerdesk-db` of a namespace."""
    for service in ("ANSWERDESK", "ANSWERDESK_DB"):
        for name, value in {
            "SERVICE_HOST": "10.0.0.7",
            "SERVICE_PORT": "8000",
            "SERVICE_PORT_HTTP": "8000",
            "PORT": "tcp://10.0.0.7:8000",
            "PORT_8000_TCP": "tcp://10.0.0.7:8000",
            "PORT_8000_TCP_PROTO": "tcp",
            "PORT_8000_TCP_PORT": "8000",
            "PORT_8000_TCP_ADDR": "10.0.0.7",
        }.items():
            monkeypatch.setenv(f"{service}_{name}", value)
    assert load_settings().port == 8000


def test_a_port_of_ours_is_still_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSWERDESK_PORT", "9000")
    assert load_settings().port == 9000


def test_networks_are_told_with_what_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSWERDESK_TRUSTED_PROXIES", "10.0.0.1/8")
    assert refused().endswith("did you mean 10.0.0.0/8?")
    monkeypatch.setenv("ANSWERDESK_TRUSTED_PROXIES", "10.0.0.0/8, ,::1")
    assert [str(one) for one in load_settings().trusted_proxies] == ["10.0.0.0/8", "::1/128"]


def test_every_variable_that_we_name_is_a_setting_or_known_to_be_none() -> None:
    named = set()
    for path, text in texts():
        if path.suffix in (".py", ".md", ".sh", ".toml") and str(path) not in _MADE_UP:
            named |= set(re.findall(r"\bANSWERDESK_[A-Z_]+[A-Z]\b", text))
    assert named - set(variables()) - _ELSEWHERE - _EXAMPLES == set()
