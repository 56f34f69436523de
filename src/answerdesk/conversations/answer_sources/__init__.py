"""Which answers used a document, for as long as the answers are kept."""
