"""Contacts: who a visitor is, and what people of the account note about them.

Two visitors are one person only if the site's signature says so, see `conversations.visitors`:
anybody can type anybody's address.
"""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.users.email import parse_email
from answerdesk.conversations.types import VisitorId
from answerdesk.inbox.contacts import repository
from answerdesk.inbox.contacts.types import Changes, InboxContact
from answerdesk.inbox.errors import visitor_not_found
from answerdesk.inbox.events import INBOX_CHANGED
from answerdesk.leads.errors import email_invalid


async def get_contact(session: AsyncSession, visitor_id: VisitorId) -> InboxContact:
    """Return a contact of the account. Raises NotFound."""
    found = await repository.get(session, visitor_id)
    if found is None:
        raise visitor_not_found()
    return found


async def change_contact(
    session: AsyncSession, visitor_id: VisitorId, changes: Changes
) -> InboxContact:
    """Change a contact's name, address or attributes.

    What the site signs later about the same visitor replaces name and address again. Raises
    NotFound, and InvalidInput (`email_invalid`).
    """
    checked = _checked(changes)
    # The conversations first, as whoever changes them and then their visitor does.
    await tell_changed(session, visitor_id)
    found = await repository.get(session, visitor_id, lock=True)
    if found is None:
        raise visitor_not_found()
    changed = replace(found, **checked)
    await repository.change(session, changed)
    return changed


async def tell_changed(session: AsyncSession, visitor_id: VisitorId) -> None:
    """Record, for each of a visitor's conversations, that its contact has changed."""
    await repository.tell(session, visitor_id, INBOX_CHANGED.name)


def _checked(changes: Changes) -> Changes:
    checked = changes.copy()
    if "name" in changes:
        checked["name"] = " ".join((changes["name"] or "").split()) or None
    if "email" in changes:
        given = (changes["email"] or "").strip()
        try:
            checked["email"] = parse_email(given).address if given else None
        except ValueError as error:
            raise email_invalid(str(error)) from error
    return checked
