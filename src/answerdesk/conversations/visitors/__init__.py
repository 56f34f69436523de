"""Who a visitor is: sessions of the native tier, identities that a site has signed, origins."""
