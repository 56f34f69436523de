"""The names of the dialects: other services' APIs that we speak."""

from typing import Final, Literal, get_args

Dialect = Literal["noras", "novaro", "novachat", "chatorex", "orac"]
"""A service whose clients we serve; `docs/reference/dialects` has a page on each."""

DIALECTS: Final[tuple[Dialect, ...]] = get_args(Dialect)
