"""Questions in languages without spaces between words, or with marks in their words."""
