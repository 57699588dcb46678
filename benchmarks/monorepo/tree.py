"""The generated monorepo as files: what is the same, whatever tool builds it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from modules import component, logic, stylesheet
from shape import BUMPED, SCOPE, Shape, identifier

#: What the libraries and all containers import, beside each other.
_FRAMEWORK = (
    *("@emotion/react", "@emotion/styled", "@mui/material", "react", "react-dom"),
    "react-router",
)

#: The files that the cases edit.
EDITED_REMOTE = "apps/remote-001/src/components/Panel1.tsx"
EDITED_LIBRARY = "libs/library-01/src/Frame.tsx"
EDITED_FEATURE = "libs/library-01/src/features/feature-01.ts"
#: The remote that alone imports the package that is bumped.
BUMPED_REMOTE = "remote-002"


def sources(shape: Shape, versions: Mapping[str, str]) -> dict[str, str]:
    """Path → content of all modules and of all packages' `package.json`.

    :param versions: package → what `package.json` says of it.
    """
    files: dict[str, str] = {}
    for name in shape.library_names:
        files.update(_library(shape, name, versions))
    files.update(_host(shape, versions))
    for name in shape.remote_names:
        files.update(_remote(shape, name, versions))
    return files


def to_json(value: object) -> str:
    """JSON as npm writes it."""
    return json.dumps(value, indent=2) + "\n"


def _manifest(name: str, dependencies: Mapping[str, str], **more: Any) -> str:
    return to_json(
        {
            "name": f"{SCOPE}/{name}",
            "version": "1.0.0",
            "private": True,
            "type": "module",
            **more,
            "dependencies": dict(sorted(dependencies.items())),
        }
    )


def _framework(versions: Mapping[str, str]) -> dict[str, str]:
    return {name: versions[name] for name in _FRAMEWORK}


def _libraries(shape: Shape) -> dict[str, str]:
    return {f"{SCOPE}/{name}": "1.0.0" for name in shape.library_names}


def _library(shape: Shape, name: str, versions: Mapping[str, str]) -> dict[str, str]:
    """Ten modules that all import, and the files that only few import."""
    root = f"libs/{name}"
    files = {
        f"{root}/package.json": _manifest(
            name,
            _framework(versions),
            exports={".": "./src/index.ts", "./features/*": "./src/features/*.ts"},
            sideEffects=["**/*.css"],
        )
    }

    def add(path: str, text: str) -> None:
        files[f"{root}/src/{path}"] = text

    def module(path: str, *, marked: bool = False) -> None:
        add(path, logic(shape.seed, f"{root}/src/{path}", marked=marked))

    def view(path: str, title: str, **more: Any) -> None:
        add(path, component(shape.seed, f"{root}/src/{path}", title, **more))

    for each in ("dates", "money", "sorting", "units"):
        module(f"{each}.ts")
    add("Frame.module.css", stylesheet(shape.seed, f"{root}/Frame"))
    view("Frame.tsx", "Frame", style="Frame.module.css", marked=True, components=4)
    view("Toolbar.tsx", "Toolbar", components=4)
    view(
        "Grid.tsx",
        "Grid",
        imports=['import { summary } from "./sorting";', 'import { Frame } from "./Frame";'],
        shown=["Object.values(summary([])).join()", "<Frame />"],
    )
    exported = ("dates", "money", "sorting", "units")
    add(
        "index.ts",
        "".join(f'export {{ summary as {each} }} from "./{each}";\n' for each in exported)
        + "".join(f'export {{ {each} }} from "./{each}";\n' for each in ("Frame", "Grid"))
        + 'export { Toolbar } from "./Toolbar";\n',
    )
    for feature in shape.features:
        module(f"features/{feature}.ts", marked=True)
    return files


def _uses_of_libraries(shape: Shape) -> list[str]:
    return [
        f"import {{ Frame as {_component_of(name)}, money as {identifier(name)}_money }} from "
        f'"{SCOPE}/{name}";'
        for name in shape.library_names
    ]


def _shown_of_libraries(shape: Shape) -> list[str]:
    return [
        shown
        for name in shape.library_names
        for shown in (f"<{_component_of(name)} />", f"String({identifier(name)}_money([]).of)")
    ]


def _component_of(library: str) -> str:
    return f"{identifier(library).capitalize()}Frame"


def _remote(shape: Shape, name: str, versions: Mapping[str, str]) -> dict[str, str]:
    """Nineteen modules: three pages behind dynamic imports, five panels, and what they need."""
    root = shape.folder_of(name)
    feature = shape.feature_of(name)
    alone = name in shape.standalone
    bumped = {BUMPED: versions[BUMPED]} if name == BUMPED_REMOTE else {}
    # A lockfile of its own is the one of the repository, without the tools.
    dependencies = {**versions} if alone else {**_framework(versions), **_libraries(shape)}
    files = {f"{root}/package.json": _manifest(name, {**dependencies, **bumped})}

    def add(path: str, text: str) -> None:
        files[f"{root}/src/{path}"] = text

    def view(path: str, title: str, **more: Any) -> None:
        add(path, component(shape.seed, f"{root}/src/{path}", title, **more))

    for path in ("api/client.ts", "api/records.ts", "model/reducer.ts", "model/selectors.ts"):
        add(path, logic(shape.seed, f"{root}/src/{path}"))
    for number in range(1, 6):
        style = f"Panel{number}.module.css" if number <= 3 else None
        if style:
            add(f"components/{style}", stylesheet(shape.seed, f"{root}/{number}"))
        view(
            f"components/Panel{number}.tsx",
            f"Panel{number}",
            imports=['import { summary } from "../model/selectors";'],
            shown=["String(summary([]).of)"],
            style=style,
            marked=number == 1,
        )
    add(
        "hooks/useRecords.ts",
        'import { useEffect, useState } from "react";\n'
        'import { summary } from "../api/records";\n\n'
        "export function useRecords(): string[] {\n"
        "  const [records, setRecords] = useState<string[]>([]);\n"
        "  useEffect(() => setRecords(Object.keys(summary([]))), []);\n"
        "  return records;\n}\n",
    )
    pages = ("Overview", "Details", "Settings")
    for number, page in enumerate(pages, start=1):
        panels = (number, number + 2)
        view(
            f"pages/{page}.tsx",
            page,
            imports=[
                *(f'import {{ Panel{at} }} from "../components/Panel{at}";' for at in panels),
                'import { useRecords } from "../hooks/useRecords";',
                'import { summary as reduced } from "../model/reducer";',
            ],
            shown=[*(f"<Panel{at} />" for at in panels), "useRecords().length + reduced.name"],
            components=4,
        )
    add(
        "routes.tsx",
        'import { lazy } from "react";\n\n'
        + "".join(f'const {page} = lazy(() => import("./pages/{page}"));\n' for page in pages)
        + "\nexport const routes = [\n"
        + "".join(f'  {{ path: "{page.lower()}", element: <{page} /> }},\n' for page in pages)
        + "];\n",
    )
    view(
        "App.tsx",
        "App",
        imports=[
            'import { useRoutes } from "react-router";',
            'import { summary } from "./api/client";',
            'import { routes } from "./routes";',
            *([] if alone else _uses_of_libraries(shape)),
        ],
        shown=[
            "useRoutes(routes)",
            "String(summary([]).of)",
            *([] if alone else _shown_of_libraries(shape)),
        ],
        components=4,
    )
    extra = [
        f"import {{ summary as {identifier(each)}_feature }} from "
        f'"{SCOPE}/{each}/features/{feature}";'
        for each in shape.library_names
        if feature
    ]
    shown = [f"String({identifier(each)}_feature([]).edition)" for each in shape.library_names]
    if bumped:
        extra.append(f'import {{ VERSION, chunk }} from "{BUMPED}";')
        shown.append("VERSION + chunk([1, 2, 3], 2).length")
    view(
        "Widget.tsx",
        "Widget",
        imports=extra,
        shown=shown if extra else [],
        components=4,
    )
    return files


def _host(shape: Shape, versions: Mapping[str, str]) -> dict[str, str]:
    """The page: a route for each remote."""
    root = "apps/host/src"
    lazy = "".join(
        f'const {identifier(name).capitalize()} = lazy(() => import("{identifier(name)}/App"));\n'
        for name in shape.remote_names
    )
    routes = "".join(
        f'      <Route path="{name}/*" element={{<{identifier(name).capitalize()} />}} />\n'
        for name in shape.remote_names
    )
    return {
        "apps/host/package.json": _manifest("host", {**_framework(versions), **_libraries(shape)}),
        # Federation needs an asynchronous boundary before the first shared module.
        f"{root}/index.ts": 'import("./main");\n',
        f"{root}/main.tsx": 'import { createRoot } from "react-dom/client";\n'
        'import { BrowserRouter } from "react-router";\n'
        'import { Shell } from "./Shell";\n\n'
        'createRoot(document.getElementById("root")!).render(\n'
        "  <BrowserRouter>\n    <Shell />\n  </BrowserRouter>,\n);\n",
        f"{root}/Shell.tsx": 'import { Suspense, lazy } from "react";\n'
        'import { Route, Routes } from "react-router";\n'
        'import { Navigation } from "./Navigation";\n\n'
        f"{lazy}\n"
        "export function Shell() {\n  return (\n    <Suspense fallback={<Navigation />}>\n"
        f"    <Routes>\n{routes}    </Routes>\n    </Suspense>\n  );\n}}\n",
        f"{root}/Navigation.tsx": component(
            shape.seed,
            f"{root}/Navigation.tsx",
            "Navigation",
            imports=_uses_of_libraries(shape),
            shown=_shown_of_libraries(shape),
            components=5,
        ),
    }
