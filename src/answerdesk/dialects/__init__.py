"""Other services' APIs, each in a folder of its own; this is the list of them."""

from typing import Final

from answerdesk.core.web.dialect import DialectApp
from answerdesk.dialects.chatorex.app import CHATOREX
from answerdesk.dialects.noras.app import NORAS
from answerdesk.dialects.novachat.app import NOVACHAT
from answerdesk.dialects.novaro.app import NOVARO
from answerdesk.dialects.orac.app import ORAC

DIALECTS: Final[tuple[DialectApp, ...]] = (CHATOREX, NORAS, NOVACHAT, NOVARO, ORAC)
