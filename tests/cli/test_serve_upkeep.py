"""A server keeps up: by its configuration file, checkpoints leave while it serves."""

import signal
import socket
import subprocess
import sys
import time

import pytest
from benchmarks._queue_server import fill

from traceeval.review import Store, read_checkpoints, verify

CONFIG = '[checkpoints]\nfile = "{file}"\nevery = 1\n'


@pytest.mark.soak
def test_checkpoints_leave_while_the_server_runs(tmp_path):
    url, file = f"sqlite:///{tmp_path / 'review.db'}", tmp_path / "points.jsonl"
    fill(url, 2, 1)
    (tmp_path / "server.toml").write_text(CONFIG.format(file=file))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "traceeval", "serve", "--queue", url, "--port", str(port)]
    server = subprocess.Popen([*command, "--config", str(tmp_path / "server.toml")], stdout=subprocess.DEVNULL)
    try:
        left = time.monotonic() + 120
        while not (file.exists() and file.stat().st_size) and time.monotonic() < left:
            time.sleep(0.1)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    store = Store(url)
    assert verify(store, *read_checkpoints(file)).complete
    store.close()
