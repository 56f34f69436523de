"""Projects: what visitors see, how it looks, and when people are available."""
