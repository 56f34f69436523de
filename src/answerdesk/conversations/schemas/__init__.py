"""Bodies of the native API for visitors and for what they said."""
