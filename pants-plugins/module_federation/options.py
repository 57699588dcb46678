"""Choices that fields, options and the bundler have in common."""

from __future__ import annotations

from enum import Enum


class Mode(Enum):
    """How code is bundled; the bundler's own words."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"


class Bundler(Enum):
    """What makes bundles out of sources."""

    RSPACK = "rspack"
    WEBPACK = "webpack"


class SourceMaps(Enum):
    """Whether source maps are made, and whether the code points to them."""

    OFF = "off"
    HIDDEN = "hidden"
    ON = "on"


class ShareStrategy(Enum):
    """When a container looks at its remotes' shared packages; the runtime's own words."""

    VERSION_FIRST = "version-first"
    LOADED_FIRST = "loaded-first"


class HostStyle(Enum):
    """Who starts the federation runtime of a host: the bundler's plugin, or the application."""

    STANDARD = "standard"
    RUNTIME = "runtime"


class PackageForm(Enum):
    """What `package` makes of a remote's files."""

    FOLDER = "folder"
    DYNAMIC_PLUGIN = "dynamic-plugin"
    BUNDLE = "bundle"


class SplitChunks(Enum):
    """Which installed packages share a chunk."""

    AUTOMATIC = "automatic"
    BY_PACKAGE = "by-package"


class PlanErrors(Enum):
    """What happens to a container whose federation plan has errors."""

    REFUSE = "refuse"
    WARN = "warn"


class PlanFormat(Enum):
    """The forms in which a federation plan is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


class PlanSizes(Enum):
    """Whether a plan tells sizes, for which containers have to be bundled."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"
