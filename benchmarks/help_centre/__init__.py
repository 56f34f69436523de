"""Questions to the help pages of real programs, as customers write them."""
