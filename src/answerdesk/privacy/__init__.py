"""Privacy: how long things are kept, and erasing and exporting what is known of one person."""
