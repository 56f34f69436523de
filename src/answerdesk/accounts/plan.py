"""What a plan allows. Self-hosted, the first account is on `unlimited`, which has everything."""

from collections.abc import Mapping
from typing import Final

UNLIMITED_FEATURES: Final[Mapping[str, bool]] = {
    "api": True,
    "byok": True,
    "custom_actions": True,
    "custom_css": True,
    "human_handoff": True,
    "remove_branding": True,
    "webhooks": True,
}
