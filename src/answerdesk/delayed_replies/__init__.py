"""Delayed replies: answers that an agent sends to a webhook later, as a person would."""
