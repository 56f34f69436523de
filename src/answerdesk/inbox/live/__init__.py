"""Live views: what people see of the inbox, and visitors of their conversation, as it changes."""
