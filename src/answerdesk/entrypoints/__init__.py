"""The entry points of processes: the command line, the HTTP server, the worker."""
