"""Agents: who speaks for a project, how, with which model, and when people are available."""
