"""Actions: what the assistant does for a visitor by calling the owner's own server."""
