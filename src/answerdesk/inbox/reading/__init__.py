"""Read marks: how far each person has read each conversation."""
