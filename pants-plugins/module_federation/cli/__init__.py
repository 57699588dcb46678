"""The ``federation`` command: what is built, checked without a build graph.

For deploy pipelines: it reads the contracts (or plain manifests) of built containers and needs
nothing else, no Pants, no Node.js, no network. ``docs/federation-command.md`` describes it.
"""
