"""What went wrong in other inboxes, and the tests that it does not happen in ours: fifteen stories.

The names are those of issues of chatwoot unless another project is named.
"""

import ast

import pytest

from tests.rules.tree import ROOT

DASHBOARD = "tests/browser/dashboard"

STORIES: dict[int, tuple[str, tuple[str, ...]]] = {
    1: (
        "A reply that came during a break was hidden, and answered over (#14934).",
        (
            f"{DASHBOARD}/test_inbox_live.py::test_after_a_restart_of_the_server_everything_comes_once",
            f"{DASHBOARD}/test_inbox_writing.py::test_of_two_who_reply_at_once_one_is_told_and_can_send_anyway",
        ),
    ),
    2: (
        "The list was stale after sleep (#3916, #6411, #4157).",
        (
            f"{DASHBOARD}/test_inbox_live.py::test_after_a_restart_of_the_server_everything_comes_once",
        ),
    ),
    3: (
        "Numbers stayed wrong after a break (#14372).",
        (
            f"{DASHBOARD}/test_inbox_live.py::test_after_a_restart_of_the_server_everything_comes_once",
        ),
    ),
    4: (
        "Nobody saw who reads or writes, and two replies went out (#775, #11062, papercups#299).",
        (
            f"{DASHBOARD}/test_inbox_writing.py::test_of_two_who_reply_at_once_one_is_told_and_can_send_anyway",
            f"{DASHBOARD}/test_inbox.py::test_a_note_never_reaches_the_visitor",
        ),
    ),
    5: (
        "Anybody could send into another's conversation (#12079).",
        (
            f"{DASHBOARD}/test_inbox.py::test_a_conversation_of_another_account_is_not_there",
            "tests/isolation/test_every_route.py::test_another_accounts_ids_are_as_unknown_ones",
        ),
    ),
    6: (
        "Typed text followed to the next conversation (#5301).",
        (f"{DASHBOARD}/test_inbox_writing.py::test_a_draft_follows_its_writer_and_nobody_else",),
    ),
    7: (
        "Drafts were lost, or in one browser only (#4876, #6000, #6890).",
        (
            f"{DASHBOARD}/test_inbox_writing.py::test_a_draft_follows_its_writer_and_nobody_else",
            f"{DASHBOARD}/test_inbox_writing.py::test_a_draft_that_the_server_does_not_get_stays_in_the_browser",
        ),
    ),
    8: (
        "Reopened conversations went to people who were offline (#7204, #9587).",
        (
            "tests/conversations/test_interleavings.py::test_a_reopened_one_goes_to_the_assistant_and_stays_there",
            "tests/conversations/test_replies.py::test_a_closed_one_reopens",
        ),
    ),
    9: (
        "Snoozed conversations were closed for being idle (#10241).",
        ("tests/inbox/test_snoozing.py::test_a_snoozed_one_is_not_ended_for_being_idle",),
    ),
    10: (
        "People were merged by e-mail, and the wrong record stayed (#2811, #4728, #5115).",
        (
            "tests/inbox/test_contacts.py::test_two_people_with_the_same_typed_address_stay_two",
            "tests/inbox/test_merged_visitors.py::test_what_is_known_of_who_was_proved_stays",
        ),
    ),
    11: (
        "Private notes were mailed to customers (#838).",
        (
            "tests/inbox/test_notes_stay_inside.py::test_nobody_outside_is_shown_it",
            f"{DASHBOARD}/test_inbox.py::test_a_note_never_reaches_the_visitor",
        ),
    ),
    12: (
        "Shortcuts resolved by accident and ate letters (#2847, #10060).",
        (f"{DASHBOARD}/test_inbox.py::test_everything_is_done_by_keys_and_can_be_undone",),
    ),
    13: (
        "Long histories froze, and one page made 300,000 requests (#14604, #12197, #6068).",
        (
            f"{DASHBOARD}/test_inbox_long.py::test_a_long_list_is_drawn_where_it_is_seen",
            f"{DASHBOARD}/test_inbox_live.py::test_ten_tabs_share_one_stream_and_another_takes_over",
        ),
    ),
    14: (
        "Service levels ran by the wall clock, with no lunch break (#13392, #14009).",
        (
            "tests/inbox/service_levels/test_clocks.py::test_it_is_due_after_minutes_of_office_hours",
        ),
    ),
    15: (
        "A bot answered and left the same text as a draft, one key from a double (munin#836).",
        (
            f"{DASHBOARD}/test_inbox_writing.py::test_what_the_assistant_said_is_not_one_key_from_being_sent_again",
            f"{DASHBOARD}/test_inbox_suggestion.py::test_what_the_assistant_said_is_not_suggested_again",
            "tests/conversations/test_suggestions.py::test_what_is_answered_is_not_suggested_again",
        ),
    ),
}


def test_there_are_fifteen() -> None:
    assert [*STORIES] == [*range(1, 16)]


@pytest.mark.parametrize("number", STORIES)
def test_each_has_tests_that_are_there(number: int) -> None:
    _, tests = STORIES[number]
    assert tests
    for one in tests:
        path, _, name = one.partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        assert name in {node.name for node in tree.body if isinstance(node, functions)}, one
