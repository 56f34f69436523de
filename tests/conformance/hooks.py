"""What schemathesis leaves out of its boundary cases, and as whom else it calls.

schemathesis loads this file in its own process; `run` sets the variables. Most boundary cases
repeat others on the same code path, and are left out:

- A place that is of the wrong type is refused by its declared type, whichever wrong type it is.
  Each place gets one of them and the next place the next, so that all kinds of both meet.
- A request of a shape that no operation takes (a method, a content type) is refused before it
  reaches an operation: each path gets one, likewise in turn.
- A bad value of a query parameter or header is refused alike wherever its name stands: each goes to
  three operations.

`make soak` sends all of them.
"""

import json
import os
from collections import Counter
from typing import Any, Final, cast

import requests
import schemathesis
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation.meta import CoveragePhaseData

_ALSO: Final[dict[str, str | None]] = json.loads(os.environ["CONFORMANCE_ALSO"])
_CHECKS: Final = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    "response_schema_conformance",
)
_WAYS: Final = 4
"""Wrong types that each place has at least."""

_IN_TURN: Final = ("incorrect_type", "unspecified_http_method", "malformed_content_type")
_OPERATIONS: Final = 3
_PATIENCE: Final = 600
"""Seconds for an answer: more than any takes beside others that are busy."""

_places: Final[dict[tuple[object, ...], int]] = {}
_tried: Final[Counter[tuple[object, ...]]] = Counter()


def is_worth_sending(_context: schemathesis.HookContext, case: schemathesis.Case[Any]) -> bool:
    """Tell whether a case of the boundaries is on a path that no earlier one has taken."""
    found = None if case.meta is None else case.meta.phase.data
    if not isinstance(found, CoveragePhaseData):
        return True
    where = "" if found.parameter_location is None else found.parameter_location.value
    if found.scenario in _IN_TURN:
        place: tuple[object, ...] = (found.scenario, case.path)
        if found.scenario == "incorrect_type":
            place += (case.operation.method, where, found.location)
        turn = _places.setdefault(place, len(_places) % _WAYS)
        _tried[place] += 1
        if _tried[place] != turn + 1:
            return False
    is_bad = case.meta is not None and case.meta.generation.mode.is_negative
    if not is_bad or found.parameter is None or where not in ("query", "header"):
        return True
    sent = (case.query if where == "query" else case.headers) or {}
    value = (where, found.parameter, found.scenario, repr(sent.get(found.parameter)))
    _tried[value] += 1
    return _tried[value] <= _OPERATIONS


if os.environ.get("CONFORMANCE_EVERY_CASE") != "1":
    schemathesis.hook("filter_case")(is_worth_sending)


@schemathesis.check
class as_others:  # noqa: N801  # Checks are named like this.
    """Send the first good case of each operation as others as well, and hold it to the same."""

    def __init__(self) -> None:
        self.met: set[str] = set()
        self.called: set[str] = set()

    def after_response(
        self,
        _: schemathesis.CheckContext,
        _own: schemathesis.Response,
        case: schemathesis.Case[Any],
    ) -> None:
        label = case.operation.label
        self.met.add(label)
        is_good = case.meta is not None and case.meta.generation.mode.is_positive
        if not _ALSO or not is_good or label in self.called:
            return
        self.called.add(label)
        load_all_checks()
        checks = cast("list[schemathesis.CheckFunction]", CHECKS.get_by_names(_CHECKS))
        for credential in _ALSO.values():
            request = case.as_transport_kwargs()
            sent = {k: v for k, v in request["headers"].items() if k.lower() != "authorization"}
            if credential is not None:
                sent["Authorization"] = f"Bearer {credential}"
            answer = requests.request(**{**request, "headers": sent}, timeout=_PATIENCE)
            case.validate_response(answer, checks=checks)

    def after_run(self, _: object) -> None:
        """Hold that no operation was left out."""
        left_out = self.met - self.called if _ALSO else ()
        assert not left_out, f"never called as others: {', '.join(sorted(left_out))}"
