"""The plans file: what is wrong in it is named by file, line and field."""

from pathlib import Path

import pytest

from answerdesk.accounts.plans import FEATURES, load_plans, parse_plans
from answerdesk.core.dialects import DIALECTS
from answerdesk.core.errors import InvalidInput, Unavailable

ALL = '[unlimited]\ntitle = "All"\nfeatures = "all"\n'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[unlimited]\ntitle =\n", r"mine\.toml .*not TOML.*line 2"),
        ("", r"the plan \[unlimited\], .* is missing"),
        ('[unlimitted]\ntitle = "All"\n', r"is \[unlimitted\] a misspelling of it\?"),
        ('[small]\ntitle = "Small"\n', r"the plan \[unlimited\], .* is missing"),
        (
            ALL + 'projects = "many"\n',
            r"line 4: unlimited\.projects has to be a whole number, not text",
        ),
        (ALL + "projects = -1\n", r"line 4: unlimited\.projects has to be 0 or more"),
        (ALL + "projects = 1.5\n", r"line 4: unlimited\.projects"),
        (ALL + "projects = true\n", r"line 4: unlimited\.projects"),
        (
            ALL + "project = 1\n",
            r"line 4: unlimited\.project is not a known field; did you mean projects\?",
        ),
        (ALL + "\n[small]\nprojects = 1\n", r"line 5: small\.title is missing"),
        (
            ALL + '[small]\ntitle = "S"\nfeatures = ["apis"]\n',
            r'line 6: small\.features has to be "all" .*did you mean api\?',
        ),
        (ALL + '[small]\ntitle = "S"\naliases = ["unlimited"]\n', r"line 6: small\.aliases"),
        ("projects = 1\n" + ALL, r"line 1: projects is not inside a plan"),
    ],
)
def test_a_file_that_does_not_hold_is_refused_by_line_and_field(content: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told) as refused:
        parse_plans(content, "mine.toml")
    assert refused.value.code == "invalid_plans"
    assert "mine.toml" in refused.value.message


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"none\.toml is wrong: it cannot be read: No such file"):
        load_plans(tmp_path / "none.toml")


def test_a_plan_that_is_not_in_the_file_is_told() -> None:
    with pytest.raises(Unavailable, match="'gold'") as unknown:
        load_plans(None)["gold"]
    assert unknown.value.code == "plan_unknown"


def test_what_is_absent_is_unlimited_and_zero_is_none_at_all() -> None:
    plan = parse_plans(ALL + '[small]\ntitle = "S"\nprojects = 0\n', "mine.toml")["small"]
    assert plan.limit("projects") == 0
    assert plan.limit("agents") is None
    assert not any(plan.feature_flags().values())


def test_the_vendors_plans_are_there_by_their_numbers() -> None:
    plans = load_plans(None)
    # vendors' documents: Noras 60/1,000 and 120/5,000; Chatorex 60, 90, 120; Nova Chat's free plan.
    assert (plans["pro"].requests_per_minute, plans["pro"].requests_per_hour) == (60, 1000)
    enterprise = plans["enterprise"]
    assert (enterprise.requests_per_minute, enterprise.requests_per_hour) == (120, 5000)
    assert (plans["growth"].requests_per_minute, plans["scale"].requests_per_minute) == (60, 90)
    starter = plans["starter"]
    assert (starter.projects, starter.agents, starter.items) == (1, 3, 50)
    assert [plans[one].crawl_pages for one in ("free", "pro", "business")] == [500, 5000, 25000]
    assert (plans["pro"].actions, plans["business"].actions) == (3, 10)
    assert not plans["free"].has("api")
    assert plans["unlimited"].feature_flags() == dict.fromkeys(FEATURES, True)
    shown = plans["unlimited"].model_dump(exclude_none=True, exclude_defaults=True)
    assert shown == {"title": "Unlimited", "features": "all"}


def test_the_vendors_rates_are_there_by_plan_and_dialect() -> None:
    plans = load_plans(None)
    told = {
        dialect: {
            name: (plan.rates(dialect).requests_per_minute, plan.rates(dialect).requests_per_hour)
            for name, plan in plans.items()
            if plan.speaks(dialect)
        }
        for dialect in DIALECTS
    }
    api = ("starter", "growth", "professional", "scale", "business", "enterprise")
    every = dict.fromkeys(api, (1000, None)) | {"unlimited": (None, None)}
    assert told["novachat"] == told["novaro"] == every
    assert told["noras"] == {
        "professional": (60, 1000),
        "enterprise": (120, 5000),
        "unlimited": (None, None),
    }
    assert {name: rates[0] for name, rates in told["chatorex"].items()} == {
        "growth": 60,
        "professional": 60,
        "scale": 90,
        "business": 90,
        "enterprise": 120,
        "unlimited": None,
    }
    assert {name: rates[0] for name, rates in told["orac"].items()} == {
        "business": 60,
        "enterprise": 60,
        "unlimited": None,
    }


def test_an_alias_is_the_plan_itself() -> None:
    plans = load_plans(None)
    assert plans["pro"] is plans["professional"]
    assert "pro" in plans
