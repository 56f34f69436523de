"""Other services' APIs: sub-applications that translate between their clients and our services."""
