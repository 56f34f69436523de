"""Word lists by language: what negates, reverses, means the same, counts and measures."""
