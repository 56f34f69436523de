"""Projects: what visitors meet, its look, and when people are there."""
