"""People who left a way to reach them."""
