"""The version of the command, which is that of the wheel."""

from __future__ import annotations

VERSION = "0.1.0"
