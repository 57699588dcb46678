"""The module graph: which source file imports what, by the bundler's own rules.

Pure Python without any file system access and without Pants. The way through it:
``parse.mjs`` reads imports → `imports.parse_output` → `resolver.Resolver` → `graph.ModuleGraph`
→ `closure.Closure` of a container's entries.
"""
