"""Ports to the outside world, one file a vendor, each port with an in-repo fake."""
