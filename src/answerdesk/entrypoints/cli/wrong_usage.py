"""Reports wrong usage of the command line in our own words."""

import re
import sys
from collections.abc import Iterable
from typing import Any, Final

from pydantic import ValidationError
from typer.exceptions import TyperException

from answerdesk.core.faults import Fault, did_you_mean, faults
from answerdesk.core.faults.sentences import sentence
from answerdesk.entrypoints.cli.output import printable, write_json_error

_CODE: Final = "wrong_usage"
_QUOTED: Final = re.compile(r"'([^']*)'")
_NO_CHOICE: Final = " is not one of "
_NUMBERS: Final = re.compile(r"\d+")


def tell(error: TyperException, *, as_json: bool) -> None:
    """Write the error and the command's usage to standard error."""
    if type(error).__name__ == "NoArgsIsHelpError":
        # The message is the help itself.
        sys.stderr.write(f"{error.format_message()}\n")
        return
    message = _message(error)
    if as_json:
        write_json_error(_CODE, message)
        return
    context = getattr(error, "ctx", None)
    lines = [f"answerdesk: {message}"]
    if context is not None:
        lines += [context.get_usage(), f"For more, run `{context.command_path} --help`."]
    sys.stderr.write("".join(f"{printable(line)}\n" for line in lines))


def _message(error: TyperException) -> str:
    """Return the error's text. The library's error kinds can only be told apart by class name."""
    context = getattr(error, "ctx", None)
    match type(error).__name__:
        case "MissingParameter":
            return f"{_hint(error)} is missing"
        case "BadParameter":
            return str(Fault(_hint(error), _fault(error)))
        case "NoSuchOption":
            wrong = str(getattr(error, "option_name", ""))
            known = () if context is None else _options(context)
            return f"there is no option {wrong}{did_you_mean(wrong, known)}"
        case "BadOptionUsage":
            wrong = str(getattr(error, "option_name", ""))
            if "does not take" in error.message:
                return f"{wrong} takes no value"
            several = _NUMBERS.search(error.message)
            return f"{wrong} needs {f'{several[0]} values' if several else 'a value'}"
    quoted = _QUOTED.search(error.message)
    if error.message.startswith("No such command") and quoted:
        known = getattr(context.command, "commands", {}) if context is not None else ()
        return f"there is no command {quoted[1]}{did_you_mean(quoted[1], known)}"
    if "unexpected extra argument" in error.message:
        more = error.message.rpartition("(")[2].rstrip(")")
        return f"too many arguments: {more} (text with spaces needs quotes)"
    return error.message


def _hint(error: TyperException) -> str:
    """Return the name of the option or argument at fault, as in the help."""
    hint = getattr(error, "param_hint", None)
    param = getattr(error, "param", None)
    if hint is None and param is not None:
        hint = param.get_error_hint()
    names = [hint] if isinstance(hint, str) else list(hint or ("a value",))
    return " / ".join(str(name).replace("'", "") for name in names)


def _fault(error: TyperException) -> str:
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return error.message
    first = cause.errors()[0]
    said = str(first.get("ctx", {}).get("error", ""))
    if _NO_CHOICE in said:
        expected = said.partition(_NO_CHOICE)[2]
        return sentence({"type": "enum", "ctx": {"expected": expected}, "input": first["input"]})
    return next(faults([first])).text


def _options(context: Any) -> Iterable[str]:  # noqa: ANN401  # The library exports no type for it.
    return [name for param in context.command.get_params(context) for name in param.opts]
