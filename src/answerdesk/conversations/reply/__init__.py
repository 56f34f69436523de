"""The reply to a visitor's message: load, answer, save, under a lease so that none is lost."""
