"""Reads what comes from outside in a child process with little memory, little time, no network."""
