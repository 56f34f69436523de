"""People: who has which e-mail address, and how they prove it."""
