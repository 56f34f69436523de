"""What can go wrong with the keys that the nodes of an installation share."""

from answerdesk.core.errors import InvalidInput

_ADOPT = (
    "If it is lost, or was changed on purpose, `answerdesk keys adopt` makes the keys of this node "
    "the installation's."
)


class SecretKeysDiffer(InvalidInput):
    """The node lacks a secret key that the installation uses."""

    code = "secret_keys_differ"

    def __init__(self, source: str, since: str, advice: str) -> None:
        super().__init__(
            f"{source} lacks a secret key that this installation has used since {since}: what one "
            f"node seals and signs, another could neither open nor accept. {advice} {_ADOPT}"
        )


class OwnerKeyDiffers(InvalidInput):
    """The node would accept another owner's key than the installation's other nodes."""

    code = "owner_key_differs"

    def __init__(self, source: str, since: str, advice: str) -> None:
        super().__init__(
            f"{source} is not the owner's key that this installation has used since {since}. "
            f"{advice} {_ADOPT}"
        )
