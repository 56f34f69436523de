"""What a project knows: sources, documents, chunks; how they are taken in and found again."""
