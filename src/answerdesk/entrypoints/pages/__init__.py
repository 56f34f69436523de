"""What people see in a browser: the page where one asks, and the page of a cited passage."""
