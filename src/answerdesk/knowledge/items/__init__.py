"""Questions with their answers: one by one, from files and to files."""
