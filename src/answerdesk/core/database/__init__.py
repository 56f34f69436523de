"""The database: pools, transactions bound to a tenant, and single-round-trip statements."""

from answerdesk.core.database.pool import Database, Witness, connections_held, witnessed
from answerdesk.core.database.sessions import (
    IS_SET,
    TENANT,
    Base,
    Executor,
    TenantOwned,
    account_in,
    tenant_of,
)
from answerdesk.core.database.watched import ConnectionArguments, DatabaseAway, hurried

__all__ = [
    "IS_SET",
    "TENANT",
    "Base",
    "ConnectionArguments",
    "Database",
    "DatabaseAway",
    "Executor",
    "TenantOwned",
    "Witness",
    "account_in",
    "connections_held",
    "hurried",
    "tenant_of",
    "witnessed",
]
