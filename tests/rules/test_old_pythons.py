"""The plugin runs on CPython 3.7 and 3.8, too, where the tests do not.

What only a newer one can evaluate is searched in the sources: `list[int]` and the like of
`collections.abc`, and `X | Y` of types, outside of annotations, which nobody evaluates.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Iterator

import pytest

from module_federation import register

#: Builtin types that can't be subscripted before CPython 3.9 (PEP 585).
_BUILTIN = frozenset(("dict", "frozenset", "list", "set", "tuple", "type"))
_PLUGIN = Path(register.__file__).parent


class _Evaluated(ast.NodeVisitor):
    """Walks through what is evaluated, with `from __future__ import annotations`."""

    def __init__(self) -> None:
        self.generic: set[str] = set(_BUILTIN)
        self.found: list[int] = []

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module == "collections.abc":
            self.generic |= {alias.asname or alias.name for alias in node.names}

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.value, ast.Name) and node.value.id in self.generic:
            self.found.append(node.lineno)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        sides = (node.left, node.right)
        if isinstance(node.op, ast.BitOr) and any(
            isinstance(side, ast.Constant) and side.value is None for side in sides
        ):
            self.found.append(node.lineno)
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.found.append(node.lineno)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_arg(self, node: ast.arg) -> None:
        """Its annotation is not evaluated."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._visit_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._visit_function(node)

    def _visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if node.args.posonlyargs:
            self.found.append(node.lineno)
        for part in (*node.decorator_list, node.args, *node.body):
            self.visit(part)


def _lines(source: str) -> list[int]:
    visitor = _Evaluated()
    visitor.visit(ast.parse(source))
    return visitor.found


def _files() -> Iterator[Path]:
    return _PLUGIN.rglob("*.py")


def test_every_module_of_the_plugin() -> None:
    found = {str(path.relative_to(_PLUGIN)): _lines(path.read_text()) for path in _files()}
    assert len(found) > 100
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        pytest.param("from collections.abc import Mapping\nX = Mapping[str, int]", [2], id="abc"),
        pytest.param("X = list[int]", [1], id="a builtin"),
        pytest.param("X = int | None", [1], id="a union"),
        pytest.param("if (x := 1):\n    pass", [1], id="a walrus"),
        pytest.param("def f(a, /): pass", [1], id="a positional-only parameter"),
        pytest.param("def f(a: list[int]) -> int | None:\n    b: set[int]", [], id="annotations"),
        pytest.param("from typing import List\nX = List[int]", [], id="of typing"),
    ],
)
def test_what_is_found(source: str, lines: list[int]) -> None:
    assert _lines(source) == lines
