"""Other services' wires: sub-applications that translate between them and our services."""
