"""The reply to a visitor's message: load, answer, save, with a lease so that none is lost."""
