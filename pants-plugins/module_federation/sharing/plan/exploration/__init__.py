"""Which outcomes a share key can have: every load state that matters, played with the runtime's rules."""
