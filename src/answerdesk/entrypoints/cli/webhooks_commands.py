"""Options and help of `answerdesk webhooks …`; `webhooks` and `webhook_deliveries` do the work."""

# Each command imports its module when it runs, see `app`.
# ruff: noqa: PLC0415

from datetime import UTC, datetime
from typing import Annotated

import typer

from answerdesk.entrypoints.cli.options import AccountOption, JsonOption
from answerdesk.webhooks.deliveries.types import DeliveryState
from answerdesk.webhooks.types import MOST_OVERLAP_HOURS, OVERLAP_HOURS, Format

webhooks_app = typer.Typer(
    name="webhooks",
    help="Webhooks: list, add, change and test them; see and repeat their deliveries.",
    no_args_is_help=True,
)

_Webhook = Annotated[
    str,
    typer.Argument(
        metavar="WEBHOOK",
        help="The webhook, by its id (webhook_…) or its address.",
        show_default=False,
    ),
]
_Events = Annotated[
    list[str] | None,
    typer.Option(
        "--event",
        metavar="TYPE",
        help="A type of event to send, such as lead.created; repeatable.",
    ),
]
_Description = Annotated[
    str | None, typer.Option("--description", help="For people, such as its purpose.")
]
_Delivery = Annotated[
    str | None,
    typer.Argument(
        metavar="DELIVERY", help="Only this one, by its id (dlv_…).", show_default=False
    ),
]
_Since = Annotated[
    datetime | None, typer.Option("--since", help="Only those created from then on, in UTC.")
]
_Until = Annotated[
    datetime | None, typer.Option("--until", help="Only those created before then, in UTC.")
]


@webhooks_app.command("list")
def list_webhooks(*, account: AccountOption = None, as_json: JsonOption = False) -> None:
    """List an account's webhooks with their state, oldest first."""
    from answerdesk.entrypoints.cli import webhooks

    webhooks.run_list(account, as_json=as_json)


@webhooks_app.command()
def add(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="Where events are sent: https://… or http://…", show_default=False
        ),
    ],
    *,
    events: _Events = None,
    form: Annotated[
        Format,
        typer.Option("--format", help="How events are written; it can't be changed later."),
    ] = "standard",
    project: Annotated[
        str | None,
        typer.Option(
            "--project",
            metavar="PROJECT",
            help="Id of the only project (proj_…) whose events are sent; default: all of the "
            "account's.",
        ),
    ] = None,
    description: _Description = None,
    account: AccountOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a webhook and print its secret; it can't be shown again.

    Without --event all events are sent that the format can tell.
    """
    from answerdesk.entrypoints.cli import webhooks

    wish = webhooks.Wish(url, form, events, project, description)
    webhooks.run_add(account, wish, as_json=as_json)


@webhooks_app.command()
def show(wanted: _Webhook, *, account: AccountOption = None, as_json: JsonOption = False) -> None:
    """Show a webhook, its events and its state."""
    from answerdesk.entrypoints.cli import webhooks

    webhooks.run_show(account, wanted, as_json=as_json)


@webhooks_app.command()
def change(
    wanted: _Webhook,
    *,
    url: Annotated[str | None, typer.Option("--url", help="Its new address.")] = None,
    events: _Events = None,
    all_events: Annotated[
        bool, typer.Option("--all-events", help="Send all events that its format can tell.")
    ] = False,
    description: _Description = None,
    disable: Annotated[
        bool, typer.Option("--disable", help="Send nothing until `enable`.")
    ] = False,
    account: AccountOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change a webhook's address, events or description, or disable it.

    The events that --event names replace the earlier ones.
    """
    from answerdesk.entrypoints.cli import webhooks

    if events and all_events:
        raise typer.BadParameter("give one of them", param_hint="--event / --all-events")
    changes: dict[str, object] = {}
    if url is not None:
        changes["url"] = url
    if events or all_events:
        changes["events"] = events or None
    if description is not None:
        changes["description"] = description
    if disable:
        changes["enabled"] = False
    if not changes:
        raise typer.BadParameter(
            "say what to change",
            param_hint="--url / --event / --all-events / --description / --disable",
        )
    webhooks.run_change(account, wanted, changes, as_json=as_json)


@webhooks_app.command()
def enable(wanted: _Webhook, *, account: AccountOption = None, as_json: JsonOption = False) -> None:
    """Enable a webhook that was disabled. Events that happened meanwhile are not sent."""
    from answerdesk.entrypoints.cli import webhooks

    webhooks.run_change(account, wanted, {"enabled": True}, as_json=as_json)


@webhooks_app.command()
def remove(
    wanted: _Webhook,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove it; without --yes only say what would be removed.")
    ] = False,
    account: AccountOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a webhook with its deliveries, also those that wait."""
    from answerdesk.entrypoints.cli import webhooks

    webhooks.run_remove(account, wanted, yes=yes, as_json=as_json)


@webhooks_app.command("test")
def send_test(
    wanted: _Webhook,
    *,
    event: Annotated[
        str | None,
        typer.Option(
            "--event",
            metavar="TYPE",
            help="The type of event whose example to send; default: the first that it is sent.",
        ),
    ] = None,
    account: AccountOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send the example of an event now, and show what came back.

    The exit status is 1 if the receiver did not accept it.
    """
    from answerdesk.entrypoints.cli import webhook_deliveries

    webhook_deliveries.run_test(account, wanted, event, as_json=as_json)


@webhooks_app.command()
def rotate(
    wanted: _Webhook,
    *,
    overlap_hours: Annotated[
        int,
        typer.Option(
            "--overlap-hours",
            metavar="HOURS",
            min=0,
            max=MOST_OVERLAP_HOURS,
            help="How long deliveries are also signed with the old secret; 0 if it is no longer "
            f"secret; default: {OVERLAP_HOURS}.",
        ),
    ] = OVERLAP_HOURS,
    account: AccountOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a webhook a new secret and print it; it can't be shown again."""
    from answerdesk.entrypoints.cli import webhooks

    webhooks.run_rotate(account, wanted, overlap_hours, as_json=as_json)


@webhooks_app.command()
def deliveries(
    wanted: _Webhook,
    delivery: _Delivery = None,
    *,
    state: Annotated[
        DeliveryState | None, typer.Option("--state", help="Only those in this state.")
    ] = None,
    since: _Since = None,
    until: _Until = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help="Maximum deliveries to list.")
    ] = 50,
    account: AccountOption = None,
    as_json: JsonOption = False,
) -> None:
    """List a webhook's deliveries, newest first, or show one with every attempt."""
    from answerdesk.entrypoints.cli import webhook_deliveries

    if delivery is not None:
        webhook_deliveries.run_show(account, wanted, delivery, as_json=as_json)
        return
    only = webhook_deliveries.Only(state, _in_utc(since), _in_utc(until), limit)
    webhook_deliveries.run_list(account, wanted, only, as_json=as_json)


@webhooks_app.command()
def replay(
    wanted: _Webhook,
    delivery: _Delivery = None,
    *,
    since: _Since = None,
    until: _Until = None,
    account: AccountOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send a delivery again that has ended, or with --since all that have failed."""
    from answerdesk.entrypoints.cli import webhook_deliveries

    if (delivery is None) == (since is None):
        raise typer.BadParameter(
            "give either a delivery or the time from when failed ones were created",
            param_hint="'DELIVERY' / '--since'",
        )
    if until is not None and since is None:
        raise typer.BadParameter("only works together with --since", param_hint="--until")
    if delivery is not None:
        webhook_deliveries.run_replay(account, wanted, delivery, as_json=as_json)
    elif since is not None:
        between = (since.replace(tzinfo=UTC), _in_utc(until))
        webhook_deliveries.run_replay_failed(account, wanted, between, as_json=as_json)


def _in_utc(time: datetime | None) -> datetime | None:
    return None if time is None else time.replace(tzinfo=UTC)
