"""The native API of accounts: people, keys, limits, the audit log."""
