"""Documents that an older version has read: how many, and having them read again."""
