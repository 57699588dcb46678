"""Which edges make a conflict, and which single change of a version ends it."""
