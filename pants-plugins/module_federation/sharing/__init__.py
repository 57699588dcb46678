"""What a federation shares: pure functions over plain data.

Nothing below this package imports Pants, so every rule in it can be tested in milliseconds, fuzzed
against the JavaScript it models, and used from a command line that knows no build graph.
"""
