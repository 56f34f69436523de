"""SQL of the syncs: sources that are websites, their syncs, and the pages on their way through."""
