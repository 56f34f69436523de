"""The database: pools, transactions bound to a tenant, and single-round-trip statements."""

from answerdesk.core.database.pool import (
    MOST_RESERVED,
    Database,
    Witness,
    connections_held,
    witnessed,
)
from answerdesk.core.database.sessions import (
    IS_SET,
    TENANT,
    Base,
    Executor,
    TenantAsyncSession,
    TenantOwned,
    account_in,
    tenant_of,
)
from answerdesk.core.database.watched import ConnectionArguments, DatabaseAway, hurried

__all__ = [
    "IS_SET",
    "MOST_RESERVED",
    "TENANT",
    "Base",
    "ConnectionArguments",
    "Database",
    "DatabaseAway",
    "Executor",
    "TenantAsyncSession",
    "TenantOwned",
    "Witness",
    "account_in",
    "connections_held",
    "hurried",
    "tenant_of",
    "witnessed",
]
