"""Signing up: who may, what it creates, and who is then logged in."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts import repository as account_rows
from answerdesk.accounts import service as accounts
from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.errors import (
    AccountClaimed,
    CredentialsInvalid,
    EmailInUse,
    InvitedAnother,
    OwnerKeyWrong,
    SignUpClosed,
    plan_not_offered,
)
from answerdesk.accounts.invitations import service as invitations
from answerdesk.accounts.members import repository as member_rows
from answerdesk.accounts.members import service as members
from answerdesk.accounts.passwords import check_new_password
from answerdesk.accounts.principal import Principal, Role
from answerdesk.accounts.sessions import service as sessions
from answerdesk.accounts.sessions.tokens import token_keys
from answerdesk.accounts.sessions.types import ACCESS_SECONDS, Client, LogIn
from answerdesk.accounts.types import ACCOUNT_PREFIX, MEMBER_PREFIX, OPERATOR, Member
from answerdesk.accounts.users import repository as users
from answerdesk.accounts.users.attempts import count_attempt
from answerdesk.accounts.users.email import Email, parse_email
from answerdesk.accounts.users.service import Credentials, People
from answerdesk.core.tenancy import AccountId, UserId, new_id, public_id

SignUpMode = Literal["open", "invite", "closed"]


@dataclass(frozen=True, slots=True)
class SignUpRules:
    """Who may sign up here, on which plan, and what opens the installation's own account.

    `plan` is for those who choose none; `choice` are the plans that may be chosen.
    """

    mode: SignUpMode
    plan: str
    owner_key: str
    installation: AccountId
    choice: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who signs up: new here, or with an existing log-in.

    `plan` is the plan chosen for a new account, if any.
    """

    email: Email
    password: str
    name: str = ""
    account_name: str | None = None
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class _Person:
    """A newcomer to admit: new, with `new_hash` to store, or known by `old_hash`."""

    id: UserId
    email: Email
    name: str
    new_hash: str | None = None
    old_hash: str | None = None


class SignUp:
    """Admits people who have no log-in or membership yet."""

    def __init__(self, people: People, rules: SignUpRules) -> None:
        self._people = people
        self._rules = rules
        self._database = people.database
        self._keys = token_keys(people.database)

    def require_invitations(self) -> None:
        """Raise SignUpClosed if nobody could accept a member's invitation."""
        if self._rules.mode == "closed":
            raise SignUpClosed(by_invitation=False)

    async def is_claimed(self) -> bool:
        """Tell whether the installation's account has an owner."""
        async with self._database.transaction(self._rules.installation) as session:
            return bool(await member_rows.owners(session, 1))

    def tells_of_addresses(self) -> bool:
        """Tell whether signing up shows anybody which addresses are in use."""
        return self._rules.mode == "open"

    def is_operator(self, caller: Principal) -> bool:
        """Tell whether the caller owns the installation, not just an account on it."""
        return caller.account_id == self._rules.installation and caller.role == "owner"

    async def sign_up(
        self,
        newcomer: Newcomer,
        client: Client,
        *,
        offered: Collection[str] = (),
        access_seconds: int = ACCESS_SECONDS,
    ) -> LogIn:
        """Create an account for a new person, its owner; a chosen plan begins with a trial.

        `offered` are plans that may be chosen here besides those of the operator. `access_seconds`
        is how long the access token is valid (`DAY_SECONDS` for a dialect). Raises SignUpClosed,
        RateLimited, EmailInUse, InvalidInput if the plan or the password is not accepted.
        """
        await self._count(client)
        if self._rules.mode != "open":
            raise SignUpClosed(by_invitation=self._rules.mode == "invite")
        choice = self._rules.choice.union(offered)
        if newcomer.plan is not None and newcomer.plan not in choice:
            raise plan_not_offered(newcomer.plan, sorted(choice))
        check_new_password(newcomer.password, newcomer.email.key)
        person = await self._newcomer(newcomer)
        # After hashing, so that the timing does not reveal that an address is in use.
        if await self._is_known(newcomer.email):
            raise EmailInUse
        account_id = AccountId(new_id())
        name = newcomer.account_name or newcomer.name or newcomer.email.key.partition("@")[0]
        async with self._database.transaction(account_id, user_id=person.id) as session:
            await self._store(session, person)
            plan = newcomer.plan or self._rules.plan
            await accounts.create_account(session, account_id, name[:200], plan)
            if newcomer.plan is not None:
                await accounts.begin_trial(session)
            return await self._join(
                session,
                person,
                "owner",
                client,
                action="account.created",
                access_seconds=access_seconds,
            )

    async def claim(self, newcomer: Newcomer, owner_key: str, client: Client) -> LogIn:
        """Make somebody the first owner of the installation's account.

        Raises OwnerKeyWrong, RateLimited, AccountClaimed, CredentialsInvalid if a known address
        comes with a wrong password, InvalidInput if a new password is not accepted.
        """
        await self._count(client)
        if not hmac.compare_digest(
            owner_key.encode("utf-8", "replace"), self._rules.owner_key.encode()
        ):
            raise OwnerKeyWrong
        person = await self._prove_or_make(newcomer, client)
        account_id = self._rules.installation
        async with self._database.transaction(account_id, user_id=person.id) as session:
            await account_rows.lock_first_account(session)
            owners = await member_rows.lock_owners(session)
            if person.id in owners:
                return await sessions.begin(session, self._keys, person.id, client)
            if owners:
                raise AccountClaimed
            await self._store(session, person)
            if newcomer.account_name:
                await account_rows.rename(session, newcomer.account_name)
            return await self._join(session, person, "owner", client, action="account.claimed")

    async def accept(
        self, token: str, password: str, name: str, client: Client, *, claimed: Email | None = None
    ) -> LogIn:
        """Make an invited person a member, with a new password or the existing one.

        The address is the invitation's; `claimed`, if given, must be the same. Raises
        InvitationNotFound, InvitedAnother, SignUpClosed, CredentialsInvalid, InvalidInput,
        LimitReached, RateLimited.
        """
        await self._count(client)
        account_id, invitation = await invitations.find(self._database, token)
        email = parse_email(invitation.email)
        if claimed is not None and claimed.key != email.key:
            raise InvitedAnother
        if self._rules.mode == "closed" and invitation.invited_by != OPERATOR:
            raise SignUpClosed(by_invitation=False)
        person = await self._prove_or_make(Newcomer(email, password, name), client)
        async with self._database.transaction(account_id, user_id=person.id) as session:
            role = (await invitations.accept(session, invitation.id, token)).role
            await self._store(session, person)
            return await self._join(session, person, role, client, action="member.joined")

    async def _count(self, client: Client) -> None:
        await count_attempt(self._database, self._people.limits, "sign-up", client.address)

    async def _is_known(self, email: Email) -> bool:
        async with self._database.transaction(None) as session:
            return await users.find(session, email.key) is not None

    async def _newcomer(self, newcomer: Newcomer) -> _Person:
        hashed = await self._people.passwords.hash(newcomer.password)
        return _Person(UserId(new_id()), newcomer.email, newcomer.name, new_hash=hashed)

    async def _prove_or_make(self, newcomer: Newcomer, client: Client) -> _Person:
        """Return the person with this address and password, or a new one."""
        if await self._is_known(newcomer.email):
            limits, email = self._people.limits, newcomer.email
            await count_attempt(self._database, limits, "log-in", client.address, email.key)
            known, _ = await self._people.prove(Credentials(email, newcomer.password))
            return _Person(known.id, email, "", old_hash=known.password_hash)
        check_new_password(newcomer.password, newcomer.email.key)
        return await self._newcomer(newcomer)

    async def _store(self, session: AsyncSession, person: _Person) -> None:
        if person.new_hash is None:
            # The password may have been changed while it was being checked: admit nobody then.
            if await users.hold_password(session, person.id) != person.old_hash:
                raise CredentialsInvalid
        elif not await users.add(session, person.id, person.email, person.name, person.new_hash):
            raise EmailInUse

    async def _join(
        self,
        session: AsyncSession,
        person: _Person,
        role: Role,
        client: Client,
        *,
        action: str,
        access_seconds: int = ACCESS_SECONDS,
    ) -> LogIn:
        member: Member = await members.add_member(session, person.id, role)
        log_in = await sessions.begin(session, self._keys, person.id, client, access_seconds)
        caller = sessions.principal_of_log_in(log_in, client)
        kind, target = "member", public_id(MEMBER_PREFIX, member.id)
        if action.startswith("account."):
            kind, target = "account", public_id(ACCOUNT_PREFIX, log_in.account_id)
        detail = {"email": member.email, "role": role}
        await record_audit(session, caller, action, kind, target, {**detail})
        return log_in
