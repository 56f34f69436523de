"""Where processes begin: the command line, the HTTP server, the worker."""
