"""Accounts and their people: who owns what, who may do what, and how they prove who they are."""
