"""Notices: tell people by mail and in the browser, by their own rules and not in quiet hours."""
