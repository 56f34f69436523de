"""SQL of the syncs: website sources, their syncs, and the pages passing through them."""
