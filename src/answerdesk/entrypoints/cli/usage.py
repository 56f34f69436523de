"""All commands of the command line, and what becomes of a wrong call."""

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException


class CommandLine(TyperGroup):
    """All commands: what is wrong with their arguments is told in one line, then how to call it.

    With `--json` among the arguments it is a JSON object, as every other error is. The status is 2.
    """

    def main(
        self,
        args: Sequence[str] | None = None,
        *rest: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401  # As the parent has it.
        """Run the command that the arguments name."""
        given = list(sys.argv[1:] if args is None else args)
        if not options.get("standalone_mode", True):
            return super().main(args, *rest, **options)
        try:
            status = super().main(args, *rest, **{**options, "standalone_mode": False})
        except TyperException as error:
            # What words it takes half of what the whole help needs.
            from answerdesk.entrypoints.cli.wrong_usage import tell  # noqa: PLC0415

            tell(error, as_json="--json" in given)
            sys.exit(error.exit_code)
        except typer.Abort:
            sys.exit(1)
        sys.exit(status if isinstance(status, int) else 0)
