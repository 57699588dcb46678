"""Which files belong to a web front end, and what becomes of them in a bundle."""

from __future__ import annotations

SCRIPTS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
STYLES = (".css",)
DATA = (".json",)
IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".bmp")
FONTS = (".woff", ".woff2", ".ttf", ".otf", ".eot")

#: Files that are copied into a bundle as they are, under a hashed name.
ASSETS = (*IMAGES, *FONTS)
#: Files whose imports are read.
PARSED = (*SCRIPTS, *STYLES)
#: Every file a `web_source` target can own.
ALL = (*SCRIPTS, *STYLES, *DATA, *ASSETS)
