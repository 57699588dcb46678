"""What can come of a share key: every load state that matters, played with the runtime's rules."""
