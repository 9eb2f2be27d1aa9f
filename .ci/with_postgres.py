"""Runs a command with a private PostgreSQL on a free port of 127.0.0.1, named in TRACEEVAL_TEST_POSTGRES; then ends it."""

import os
import subprocess
import sys

from traceeval.testing.postgres import private_postgres

if __name__ == "__main__":
    with private_postgres() as url:
        done = subprocess.run(sys.argv[1:], env={**os.environ, "TRACEEVAL_TEST_POSTGRES": url}, check=False)
    sys.exit(done.returncode)
