"""The inbox: what people of an account see of conversations and do about them."""
