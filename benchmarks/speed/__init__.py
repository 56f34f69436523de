"""Speed and memory of a real server in a process of its own, with the real embedder."""
