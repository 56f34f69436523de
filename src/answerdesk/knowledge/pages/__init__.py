"""What is known of each page of a source: when it was seen, when it changed, its state."""
