"""What every HTTP face shares: request ids, bounded bodies, clean text, events, problem details."""
