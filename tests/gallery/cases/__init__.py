"""The gallery: broken federations, at least one for every finding code."""
