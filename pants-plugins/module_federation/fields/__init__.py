"""The fields of hosts and remotes, each with its own checks."""
