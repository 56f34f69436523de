"""All SQL of deliveries: what sends them, and what shows and changes them."""
