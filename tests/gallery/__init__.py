"""Federations written by tests, built by the real rules, and loaded in a real browser."""
