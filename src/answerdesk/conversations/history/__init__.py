"""Reading what was said, in pages: whose conversations there are, and the course of one."""
