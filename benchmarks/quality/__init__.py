"""How good the answers are, on sets of questions with known answers."""
