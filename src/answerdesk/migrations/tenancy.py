"""Row-level security, said the same way for every tenant table."""

from alembic import op


def isolate(table: str) -> None:
    """Show and take rows of `table` only for the account that the transaction has set.

    Not forced on the owner: migrations that fill columns run as the owner, and under FORCE an owner
    that is no superuser would silently change 0 rows. The runtime role owns nothing.
    """
    tenant = "nullif(current_setting('answerdesk.account_id', true), '')::uuid"
    op.execute(f"alter table {table} enable row level security")
    op.execute(
        f"create policy tenant on {table} using (account_id = {tenant}) "
        f"with check (account_id = {tenant})"
    )
