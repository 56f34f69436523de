"""Which language models an account has, with their keys; agents name them."""
