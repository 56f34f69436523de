"""The embedding model that a project is searched with, and changing it without downtime."""
