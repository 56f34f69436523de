"""Service levels: how soon a visitor who waits for a person is to have a reply, and an end."""
