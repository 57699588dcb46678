"""Whether containers fit those that are deployed, and in which order they can replace them."""
