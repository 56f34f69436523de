"""Who owns what. Until people can sign up, one account, guarded by the owner's key."""
