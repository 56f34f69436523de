"""From a document's bytes to chunks that can be searched: parse, split, embed, store."""
