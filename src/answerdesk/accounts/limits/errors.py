"""What can go wrong with limits."""

from answerdesk.core.errors import NotPermitted


class LimitReached(NotPermitted):
    """The account's plan allows no more of `metric` than `limit`."""

    code = "limit_reached"

    def __init__(self, metric: str, limit: int, used: int) -> None:
        super().__init__(
            f"This account's plan allows {limit} {metric.replace('_', ' ')} ({metric}), and "
            f"{used} are in use; remove some or choose a larger plan"
        )
        self.metric = metric
        self.limit = limit
        self.used = used
