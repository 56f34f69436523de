"""Notes: what people write for colleagues, which no visitor sees."""
