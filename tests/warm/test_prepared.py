"""A prepared application is the one that its settings make, or none."""

from pathlib import Path

import pytest

from answerdesk.core.settings import Settings
from answerdesk.entrypoints import asgi
from tests.warm import prepared


@pytest.fixture(scope="module")
def one() -> prepared.Prepared:
    return prepared.prepare()


@pytest.mark.parametrize(
    "settings",
    [
        Settings(max_json_bytes=5_000_000),
        Settings(max_file_bytes=5_000_000),
        Settings(dialect_hosts={"noras.example": "noras"}),
        Settings(trusted_proxies="127.0.0.1"),
    ],
    ids=lambda settings: next(iter(settings.model_fields_set)),
)
def test_it_serves_no_settings_that_lay_out_another(
    one: prepared.Prepared, settings: Settings
) -> None:
    assert not one.fits(settings)


def test_others_are_read_when_it_starts(one: prepared.Prepared) -> None:
    wanted = Settings(data_dir=Path("/nowhere"), demo=False, embedder="fake", processes=3)
    assert one.fits(wanted)
    app = one.with_settings(wanted)
    assert one.settings == wanted
    assert app.openapi() == asgi.create_app(wanted).openapi()


def test_it_is_used_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSWERDESK_DEMO", "0")
    prepared.keep_prepared()
    first, second = prepared.create_app(), prepared.create_app()
    assert first is not second
    assert first.openapi() == second.openapi()
