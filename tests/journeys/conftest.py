"""A real Chromium against a real server: one browser for the run, one context (a person's own) for each person."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, sync_playwright

# Playwright's own loop runs in the test's thread; the tests touch the database only between its calls.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def person(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Open a browser of one's own, signed in through the sign-in page; faults on any page fail the test."""
    faults: list[str] = []
    contexts = []

    def open_page(user: Any = None, password: str = "", **options: Any) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, accept_downloads=True, viewport=options.pop("viewport", None), **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("console", lambda said: _note(faults, said))
        page.on(
            "response", lambda got: faults.append(f"{got.status} {got.url}") if got.status >= 500 else None
        )
        if user:
            sign_in(page, user.username, password)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def _note(faults: list[str], said: Any) -> None:
    """Answers of 4xx are asked for by the tests; a broken content policy or script is not."""
    if said.type == "error" and "Failed to load resource" not in said.text:
        faults.append(f"console: {said.text}")


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.click("main form button")


@pytest.fixture(autouse=True)
def cache_table(transactional_db: None) -> None:
    call_command("createcachetable", verbosity=0)
