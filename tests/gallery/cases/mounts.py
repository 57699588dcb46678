"""Remotes in Backstage packages: what they expose by themselves, and what they do not."""

from __future__ import annotations

from gallery.broken import Broken, Expected
from gallery.description import App, federation, host, remote

_FEATURE = 'export default { $$type: "@backstage/FrontendPlugin", pluginId: "cart" };'


def _plugin(code: str, **mounts: str) -> App:
    """The remote `cart`, whose modules are those of its `exports`."""
    exports = {"./Panel": "./src/panel.js", **{f"./{name}": file for name, file in mounts.items()}}
    return remote(
        "cart",
        code=code,
        package={"backstage": {"role": "frontend-plugin"}, "exports": exports},
        fields={"exposes": None},
    )


CASES = (
    Broken(
        "broken-mount",
        federation(host(remotes=("cart",)), _plugin(_FEATURE, gone="./src/gone.js")),
        Expected(
            "cart",
            "cart/package.json",
            '"./gone"',
            ("`./gone` of @gallery/cart is not exposed", "cart/src/gone.js", "`web_sources`"),
            ("Correct `exports`", "cart:app"),
        ),
        healed=federation(host(remotes=("cart",)), _plugin(_FEATURE)),
    ),
    Broken(
        "mount-left-out",
        federation(host(remotes=("cart",)), _plugin(_FEATURE, look="./look.css")),
        Expected(
            "cart",
            "cart/package.json",
            '"./look"',
            ("`./look` of @gallery/cart is not exposed", "cart/look.css, which is no script"),
            ("only modules can be exposed",),
        ),
    ),
    Broken(
        "mount-undecided",
        federation(
            host(remotes=("cart",)),
            _plugin("const plugin = {};\nexport default { ...plugin };"),
        ),
        Expected(
            "cart",
            "cart/package.json",
            '"./Panel"',
            ("does not tell", "cart/src/panel.js exports an object with a spread"),
            ("`exposes` of cart:app",),
        ),
        healed=federation(host(remotes=("cart",)), _plugin(_FEATURE)),
    ),
    Broken(
        "no-backstage-feature",
        federation(
            host(fields={"remotes": {"cart": "cart:app"}}, doors=("cart",)),
            remote(
                "cart",
                package={
                    "backstage": {"role": "frontend-plugin"},
                    "exports": {".": "./src/panel.js"},
                },
                fields={"exposes": None},
            ),
        ),
        Expected(
            "cart",
            "cart/package.json",
            words=("Nothing that @gallery/cart exposes is a Backstage feature",),
            remedy=("`createFrontendPlugin`",),
        ),
    ),
)
