"""Ports to the outside world: one file per vendor, and a fake in this repository for each port."""
