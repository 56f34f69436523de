"""Who a visitor is: sessions of the native tier, identities signed by sites, origins."""
