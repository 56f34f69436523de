"""Finding passages: candidates by words and by vectors, fused into one order."""
