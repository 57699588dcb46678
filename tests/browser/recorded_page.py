"""A browser page that keeps a record of everything that went wrong on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

TIMEOUT = 15_000
"""How long a page may take to show what a test waits for, in milliseconds."""


@dataclass(frozen=True)
class RecordedPage:
    """A page, the address that it was made for, and its problems so far, one line each."""

    page: Page
    origin: str
    problems: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Starts the record. Call it before the page is opened."""
        # Plain functions, since Playwright writes attributes on a method's object.
        self.page.on("console", lambda message: self._on_console(message))
        self.page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        self.page.on("request", lambda request: self._on_request(request))
        self.page.on("requestfailed", lambda request: self._on_failure(request))
        self.page.on("response", lambda response: self._on_response(response))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self.problems.append(f"console {message.type}: {message.text} {message.location}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.problems.append(f"request to another address: {request.url}")

    def _on_failure(self, request: Request) -> None:
        self.problems.append(f"failed request: {request.url} ({request.failure})")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"status {response.status}: {response.url}")


@contextmanager
def recorded_page(
    browser: Browser, url: str, *, width: int = 1280, height: int = 900, init_script: str = ""
) -> Iterator[RecordedPage]:
    """A new page in a context of its own, still blank, recording problems with `url`'s site.

    `init_script` is JavaScript to run in the page before its own.
    """
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(TIMEOUT)
    if init_script:
        context.add_init_script(script=init_script)
    try:
        recorded = RecordedPage(context.new_page(), "/".join(url.split("/")[:3]) + "/")
        recorded.listen()
        yield recorded
    finally:
        context.close()
