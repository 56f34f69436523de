"""Ingests files and folders: finds them, reads them in batches, waits until all is searchable."""
