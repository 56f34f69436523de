"""Lists, searches and counts of the inbox: what a person sees of an account's conversations."""
