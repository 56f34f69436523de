"""Words of the trade: groups of words and phrases that mean the same in a project."""
