"""Other services' APIs, each in a folder of its own; this is the list of them."""

from typing import Final

from answerdesk.core.web.dialect import DialectApp
from answerdesk.dialects.orac.app import ORAC

DIALECTS: Final[tuple[DialectApp, ...]] = (ORAC,)
