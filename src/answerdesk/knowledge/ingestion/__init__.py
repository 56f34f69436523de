"""From bytes to searchable chunks: parse, split, embed, save."""
