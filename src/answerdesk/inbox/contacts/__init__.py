"""Contacts: who a visitor is, as people of the account see them."""
