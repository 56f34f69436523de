"""Domains: the websites of a project, each with a public token and perhaps an agent of its own."""
