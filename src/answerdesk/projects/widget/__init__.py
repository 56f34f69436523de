"""What the widget says and how it looks, in the languages that it speaks."""
