"""Members: who belongs to an account, and in which role."""
