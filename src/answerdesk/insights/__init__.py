"""What the conversations of a time add up to."""
