"""Python's cycle collector, kept out of the way while a plan is made."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import Iterator


@contextmanager
def paused_collector() -> Iterator[None]:
    """Runs a block without looking for cycles of garbage; then all is as before.

    A plan of hundreds of containers is made of some hundred thousand small values that refer to
    each other in one direction only. The collector would walk over all of them again and again, in
    vain: that takes as long as the planning itself.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
