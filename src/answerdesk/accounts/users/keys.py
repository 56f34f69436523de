"""The API keys that a person made, in all accounts that the person belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from answerdesk.accounts.api_keys.service import settle_keys_of
from answerdesk.accounts.api_keys.types import KeysLeft
from answerdesk.accounts.principal import ROLE_SCOPES, Principal
from answerdesk.accounts.users.types import UserAccount
from answerdesk.core.database import Database
from answerdesk.core.tenancy import UserId


@dataclass(frozen=True, slots=True)
class AccountKeys:
    """What became of a person's keys in one account."""

    account: UserAccount
    left: KeysLeft


def in_account(person: Principal, account: UserAccount) -> Principal:
    """Return what a person may do in another account of theirs."""
    return replace(
        person,
        account_id=account.account_id,
        role=account.role,
        scopes=ROLE_SCOPES[account.role],
        session_id=None,
    )


async def settle_keys_everywhere(
    database: Database,
    user_id: UserId,
    callers: Sequence[tuple[UserAccount, Principal]],
    *,
    revoke: bool,
) -> list[AccountKeys]:
    """Revoke a person's keys in these accounts if `revoke`, and tell which still work.

    Each account is a transaction of its own. Where its caller may revoke no keys, they go on.
    """
    settled = []
    for account, caller in callers:
        async with database.transaction(account.account_id) as session:
            left = await settle_keys_of(session, caller, user_id, revoke=revoke)
        settled.append(AccountKeys(account, left))
    return settled
