"""Webhooks: events sent to endpoints of the owner's, and tried again until they arrive."""
