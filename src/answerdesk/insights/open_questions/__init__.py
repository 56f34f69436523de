"""Questions that the assistant had no answer to, or answered badly, for people to answer."""
