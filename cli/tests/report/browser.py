"""A page in headless Chromium, and what is expected of every page: no error, no request, no dialog."""

import contextlib
import pathlib
import shutil
import sys
import time

from playwright.sync_api import sync_playwright

# Milliseconds after which something that should be there is missing.
PATIENCE = 10_000


@contextlib.contextmanager
def opened(path, place="", **context):
    """The page at `path`, opened from disk at `place`, and watched until it is closed."""
    program = shutil.which("chromium") or sys.exit("no chromium; install it: apt-get install chromium")
    address = pathlib.Path(path).resolve().as_uri()
    said, requests = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1360, "height": 900}, **context).new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(address + place)
        page.wait_for_selector("html[data-ready]")
        yield page
        browser.close()
    assert said == [], said
    assert requests == [address], requests


def until(page, is_so, what):
    """Waits until something is so; the page's own policy forbids to ask in a script."""
    end = time.monotonic() + PATIENCE / 1000
    while not is_so():
        assert time.monotonic() < end, what
        page.wait_for_timeout(20)


def found(page):
    """How many connections the list says it holds."""
    return int(page.inner_text("#found").split(" of ")[0].replace(",", ""))


def column(page, place):
    """The texts of one column of the list, from 1."""
    return page.locator(f"table.list tbody tr > :nth-child({place})").all_inner_texts()
