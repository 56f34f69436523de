"""Q&A items: managed one by one, imported and exported as files."""
