"""Pure: what a container was built from, and what of that has changed since."""
