"""What all HTTP APIs share: request ids, bounded bodies, clean text, events, problem details."""
