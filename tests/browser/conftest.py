"""A real Chromium against a real server on loopback. Where Chromium is missing these tests say so and are left out."""

import os
import shutil
import socket
import subprocess
import tarfile
import threading
import time
from pathlib import Path

import pytest

from traceeval.review import Store
from traceeval.review.people import find_person
from traceeval.web import Settings, demo, make_app, sessions

CHROMIUM = os.environ.get("TRACEEVAL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def demo_file(tmp_path_factory):
    """The demo's queue, made once; every test works on a copy."""
    path = tmp_path_factory.mktemp("demo") / "review.db"
    store = Store(f"sqlite:///{path}")
    demo.fill(store, "demo password for tests")
    store.close()
    return path


class Site:
    """A server in a thread; ``enter`` signs a browser context in as one of the demo's people."""

    def __init__(self, path: Path):
        import uvicorn

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.store = Store(f"sqlite:///{path}")
        self.address = f"http://127.0.0.1:{self.port}"
        self.settings = Settings(hosts=(f"127.0.0.1:{self.port}",), port=self.port)
        config = uvicorn.Config(
            make_app(self.store, self.settings), port=self.port, log_level="error", access_log=False
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)

    def enter(self, context, handle):
        person = find_person(self.store, handle=handle)
        name, _ = sessions.begin(self.store, person.id, 1800, 43200)
        context.add_cookies([{"name": self.settings.cookie, "value": name, "url": self.address, "httpOnly": True}])

    def close(self):
        self.server.should_exit = True
        self.thread.join(10)
        self.store.close()


@pytest.fixture
def site(demo_file, tmp_path):
    shutil.copy(demo_file, tmp_path / "review.db")
    made = Site(tmp_path / "review.db")
    yield made
    made.close()


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        pytest.skip("NO CHROMIUM: the pages were not tested in a browser; install chromium or set TRACEEVAL_CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_as(chromium, site):
    """A page of somebody, and every address its browser asked for."""
    contexts = []

    def come(handle=None, **options):
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        if handle is not None:
            site.enter(context, handle)
        page = context.new_page()
        page.asked, page.errors = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        return page

    yield come
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    """axe-core's script: the file that is named, or fetched from npm for this run; never kept with the project."""
    named = os.environ.get("TRACEEVAL_AXE")
    if named:
        return Path(named).read_text(encoding="utf-8")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("NO AXE: accessibility was not checked; install npm or set TRACEEVAL_AXE to axe.min.js")
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "pack", "axe-core@4", "--silent", "--pack-destination", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    packed = next(iter(folder.glob("axe-core-*.tgz")), None)
    if done.returncode or packed is None:
        pytest.skip(f"NO AXE: npm did not bring axe-core: {done.stderr[-200:]}")
    with tarfile.open(packed) as archive:
        return archive.extractfile("package/axe.min.js").read().decode()
