"""Measures the two ways to read the imports of 5,000 files, and what an edit costs afterwards.

    python benchmarks/parse/measure.py [--files 5000] [--bucket 100]

Needs Node.js, npm, and `tree-sitter==0.23.2` with `tree-sitter-typescript==0.23.2` in the Python
that runs it (neither is a requirement of the plugin). Prints one table with both sides and their
ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "pants-plugins"))

from module_federation.module_graph.graph import ModuleGraph, ResolvedFile, resolve_file  # noqa: E402
from module_federation.module_graph.imports import parse_output  # noqa: E402
from module_federation.module_graph.package_json import PackageManifest  # noqa: E402
from module_federation.module_graph.resolver import Resolver  # noqa: E402

PARSER = ROOT / "pants-plugins/module_federation/bundler/parse.mjs"
LOCKED = ROOT / "tests/unit/module_graph/node"
CORES = 2

FUNCTION = """
/** Computes part {n}. */
export function part{n}(input: Shape{file}, scale = {n}): number {{
  const filtered = input.tags.filter((tag) => tag.length > scale && tag !== "x{n}");
  let total = 0;
  for (const tag of filtered) {{
    total += tag.length * scale + (input.nested.a ?? 0);
  }}
  if (total > 100) {{
    throw new Error(`too big: ${{total}} for ${{input.id}}`);
  }}
  return total;
}}"""
COMPONENT = """
export function View{n}({{ items, children }}: {{ items: Shape{file}[]; children?: ReactNode }}) {{
  const [open, setOpen] = useState(false);
  const sum = useMemo(() => items.reduce((all, item) => all + item.count, 0), [items]);
  return (
    <section className="view" aria-expanded={{open}} onClick={{() => setOpen(!open)}}>
      <h2>Total: {{sum}}</h2>
      <ul>{{items.map((item) => <li key={{item.id}}>{{item.id}}</li>)}}</ul>
      {{children}}
    </section>
  );
}}"""


def source(number: int, count: int, rnd: random.Random) -> str:
    """One file of about 4 KB: imports, types, functions, and components in every second one."""
    lines = ['import type { Config } from "@scope/config";']
    has_jsx = number % 2 == 0
    if has_jsx:
        lines.append('import { useMemo, useState, type ReactNode } from "react";')
    for local in range(rnd.randint(3, 9)):
        other = rnd.randrange(count)
        lines.append(
            f'import {{ value{other} as v{local} }} from "../pkg{other // 100}/file{other}";'
        )
    if number % 20 == 0:
        lines.append(f'export const load = () => import("./file{number}");')
    if number % 50 == 0:
        lines.append('export const image = new URL("./x.png", import.meta.url);')
    lines.append(
        f"export interface Shape{number} {{ id: string; count: number; tags: readonly string[]; "
        "nested: { a: number; b: string } }"
    )
    lines.append(f"export const value{number} = {number};")
    lines += [FUNCTION.format(n=n, file=number) for n in range(rnd.randint(4, 10))]
    if has_jsx:
        lines += [COMPONENT.format(n=n, file=number) for n in range(rnd.randint(1, 3))]
    return "\n".join(lines) + "\n"


def generate(folder: Path, count: int) -> list[str]:
    """Write `count` files, the same every time, and return their paths below `folder`."""
    rnd = random.Random(1)
    paths = []
    for number in range(count):
        path = f"pkg{number // 100}/file{number}.{'tsx' if number % 2 == 0 else 'ts'}"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(source(number, count, rnd))
        paths.append(path)
    return paths


def parse_in_node(tools: Path, folder: Path, paths: Sequence[str]) -> bytes:
    """Run the plugin's own parser on one bucket of files."""
    with tempfile.TemporaryDirectory() as scratch:
        listed, out = Path(scratch, "list.json"), Path(scratch, "out.json")
        listed.write_text(json.dumps(paths))
        command = ["node", str(tools / "parse.mjs"), str(listed), str(out)]
        subprocess.run(command, cwd=folder, check=True)
        return out.read_bytes()


def parse_in_python(folder: Path, paths: Sequence[str]) -> int:
    """Count the imports that tree-sitter finds in the files, JSX and CommonJS left aside."""
    import tree_sitter_typescript
    from tree_sitter import Language, Parser

    found = 0
    for ending, grammar in (
        (".ts", tree_sitter_typescript.language_typescript()),
        (".tsx", tree_sitter_typescript.language_tsx()),
    ):
        language = Language(grammar)
        parser = Parser(language)
        query = language.query(
            "(import_statement source: (string) @static)"
            "(export_statement source: (string) @reexport)"
            "(call_expression function: (import) arguments: (arguments (string) @dynamic))"
        )
        for path in paths:
            if path.endswith(ending):
                tree = parser.parse((folder / path).read_bytes())
                found += sum(map(len, query.captures(tree.root_node).values()))
    return found


@dataclass(frozen=True, order=True)
class Spent:
    """Seconds on the wall clock, and seconds of processor time with all child processes."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} ({self.processor:.2f})"


def measure(action: Callable[[], object]) -> Spent:
    """What `action` costs."""
    times, start = os.times(), time.perf_counter()
    action()
    wall, after = time.perf_counter() - start, os.times()
    return Spent(wall, sum(after[:4]) - sum(times[:4]))


def main() -> None:
    """Read the command line, install the tools, generate the files, and report."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--files", type=int, default=5000)
    arguments.add_argument("--bucket", type=int, default=100)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tools, folder = Path(scratch, "tools"), Path(scratch, "sources")
        tools.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCKED / name, tools)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=tools, check=True)
        shutil.copy(PARSER, tools)
        shutil.copytree(PARSER.with_suffix(""), tools / PARSER.stem)
        paths = generate(folder, options.files)
        buckets = [
            paths[start : start + options.bucket] for start in range(0, len(paths), options.bucket)
        ]
        report(tools, folder, paths, buckets)


def report(
    tools: Path, folder: Path, paths: Sequence[str], buckets: Sequence[Sequence[str]]
) -> None:
    """Print the table."""
    outputs: list[bytes] = []

    def node_cold() -> None:
        with ThreadPoolExecutor(CORES) as pool:
            outputs.extend(pool.map(lambda bucket: parse_in_node(tools, folder, bucket), buckets))

    def python_cold() -> None:
        halves = [paths[index::CORES] for index in range(CORES)]
        with ProcessPoolExecutor(CORES) as pool:
            list(pool.map(parse_in_python, [folder] * CORES, halves))

    rows = [("cold, two at a time", measure(node_cold), measure(python_cold))]
    edits = sorted(measure(partial(parse_in_node, tools, folder, each)) for each in buckets[:5])
    one = sorted(measure(lambda: parse_in_python(folder, paths[:1])) for _ in range(5))
    rows.append(("after one edit, median of 5", edits[2], one[2]))
    # Nothing in a Python process outlives pantsd, so a new one starts from nothing.
    rows.append(("new pantsd, nothing edited", measure(lambda: parse_all(outputs)), rows[0][2]))

    load = os.getloadavg()[0]
    print(f"{len(paths)} files, {len(buckets)} buckets, load average {load:.1f}\n")
    print("Seconds on the wall clock, in brackets seconds of processor time.\n")
    print("| case | node + oxc-parser | in-process tree-sitter | ratio of processor time |")
    print("|---|---|---|---|")
    for name, node, python in rows:
        print(f"| {name} | {node} | {python} | {node.processor / python.processor:.2f} |")

    parsed = [file for output in outputs for file in parse_output(output)]
    manifest = PackageManifest.parse("package.json", b'{"name": "root"}')
    resolver = Resolver(frozenset(paths), [manifest])
    resolved: list[ResolvedFile] = []
    spent = measure(lambda: resolved.extend(resolve_file(file, resolver) for file in parsed))
    graph = ModuleGraph.from_resolved(resolved)
    edges = sum(len(file.imports) for file in resolved)
    print(f"\nresolving {edges} imports: {spent} s")
    print(f"closure of everything: {measure(lambda: graph.closure(paths))} s")


def parse_all(outputs: Sequence[bytes]) -> None:
    """Read all buckets' answers again, as a new pantsd does from its cache."""
    for output in outputs:
        parse_output(output)


if __name__ == "__main__":
    main()
