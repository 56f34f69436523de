"""Novaro's API: stateless responses of agents, the agents themselves, and contexts."""
