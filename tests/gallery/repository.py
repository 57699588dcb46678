"""The repository that a described federation stands for, file by file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from gallery.description import TARGET, App, Description, Lib
from gallery.published import lockfile

POLICY = "sharing.toml"


def repository_files(description: Description) -> dict[str, str]:
    """Path → content of every file."""
    files = {POLICY: description.policy}
    for app in description.apps:
        inside = [each for each in description.apps if each.project == app.name]
        for path, content in _files(app, inside, description):
            files[f"{app.folder}/{path}"] = content
    return files


def _files(app: App, inside: Iterable[App], description: Description) -> Iterator[tuple[str, str]]:
    """Files of one app, relative to its folder."""
    manifest = dict(app.manifest)
    members = {f"libs/{lib.name}": lib.manifest for lib in app.libs}
    members.update({f"libs/{each.name}": each.manifest for each in inside})
    if members:
        manifest["workspaces"] = ["libs/*"]
    if app.overrides:
        manifest["overrides"] = dict(app.overrides)
    yield "package.json", _json(manifest)
    if app.project is None:
        yield "package-lock.json", lockfile({"": manifest, **members}, _installed(app))
    yield "BUILD", _build_file(app, description)
    yield "src/panel.js", _panel(app)
    if app.is_host:
        yield "src/index.js", 'import "./panel.js";\n'
    for lib in app.libs:
        yield from _lib_files(lib)


def _installed(app: App) -> dict[str, str]:
    """Place → version of every package that the project installs."""
    installed = {f"node_modules/{name}": version for name, version in app.installs.items()}
    for lib in app.libs:
        for name, version in lib.nested.items():
            installed[f"libs/{lib.name}/node_modules/{name}"] = version
    return installed


def _lib_files(lib: Lib) -> Iterator[tuple[str, str]]:
    yield f"libs/{lib.name}/package.json", _json(lib.manifest)
    yield f"libs/{lib.name}/BUILD", 'package_json(name="package")\nweb_sources()\n'
    yield f"libs/{lib.name}/src/index.js", lib.source


def _build_file(app: App, description: Description) -> str:
    fields: dict[str, object] = {"name": TARGET, "container_name": app.name}
    if not app.is_host:
        fields["exposes"] = {"./Panel": "src/panel.js"}
    if app.remotes:
        fields["remotes"] = {name: description.app(name).address for name in app.remotes}
    if app.shared is not None:
        fields["shared"] = dict(app.shared)
    fields.update(app.fields)
    kind = "host" if app.is_host else "remote"
    arguments = "".join(f"    {key}={value!r},\n" for key, value in fields.items())
    return (
        'package_json(name="package")\n'
        'web_sources(sources=["src/**/*.js"])\n'
        f"federated_{kind}(\n{arguments})\n"
    )


def _panel(app: App) -> str:
    needs = [f'import * as need{i} from "{need}";' for i, need in enumerate(app.needs)]
    got = [f'    "{need}": need{i},' for i, need in enumerate(app.needs)]
    wants = [f'    "{want}": () => import("{want}"),' for want in app.wants]
    requests = (*(f"{name}/Panel" for name in app.remotes), *app.doors)
    doors = [f'    "{request}": () => import("{request}"),' for request in requests]
    lines = [
        *needs,
        *app.code.splitlines(),
        f'globalThis.gallery["{app.name}"] = {{',
        *("  needs: {", *got, "  },"),
        *("  wants: {", *wants, "  },"),
        *("  doors: {", *doors, "  },"),
        "};",
    ]
    return "\n".join(lines) + "\n"


def _json(value: object) -> str:
    return json.dumps(value, indent=2) + "\n"
