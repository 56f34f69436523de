"""People: who has which e-mail address, and what proves it."""
