"""What a project knows: sources, documents and chunks, their ingestion and search."""
