"""Taking in files and folders: find them, read them in batches, wait until all is searchable."""
