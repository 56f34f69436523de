"""Members: who belongs to an account, in which role."""
