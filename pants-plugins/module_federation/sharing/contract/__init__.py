"""What a bundle truly does, as data and as files: ``mf-contract.json`` and ``mf-manifest.json``."""
