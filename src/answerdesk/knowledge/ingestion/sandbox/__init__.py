"""Reads outside content in a child process with little memory, little time and no network."""
