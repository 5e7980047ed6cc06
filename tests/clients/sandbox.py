"""The sandbox as a program under test, and the few words that every client's script needs.

`running()` starts the release binary on a free port of this machine and ends it by its process id.
`stay_here()` makes any connection to another machine fail: one of the clients tries to call home when it is imported.
`Checks` runs the tests and counts them, and `Proof` (calls.py) the calls that they prove.
"""

import contextlib
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("PARALLAX_SANDBOX", str(ROOT / "target/release/sandbox"))


@contextlib.contextmanager
def running(*options):
    """The address of a sandbox's TAP service, such as http://127.0.0.1:40000/tap-server/tap, while it runs."""
    process = subprocess.Popen(
        [BINARY, "--listen", "127.0.0.1:0", *options], stdout=subprocess.PIPE, text=True
    )
    try:
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        if not found:
            raise RuntimeError(f"the sandbox said {line!r} in place of its address")
        yield found.group().rstrip("/")
    finally:
        process.terminate()
        process.wait(timeout=20)


def stay_here():
    """Refuses every connection that is not to this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"no connection to {host}: tests stay on this machine")
        return connect(self, address)

    look_up = socket.getaddrinfo

    def here_only(host, *rest, **named):
        if host not in ("127.0.0.1", "::1", "localhost", None):
            raise OSError(f"no look-up of {host}: tests stay on this machine")
        return look_up(host, *rest, **named)

    socket.socket.connect = guarded
    socket.getaddrinfo = here_only


class Checks:
    """Runs functions as tests, each by itself, and counts them and the calls that they prove."""

    def __init__(self, proof=None):
        self.passed = 0
        self.failed = 0
        self.proof = proof

    def run(self, name, function, *arguments, proves=()):
        """One test; `proves` names the calls of the list that hold if it passes."""
        start = time.monotonic()
        try:
            function(*arguments)
        except Exception:
            passed = False
            self.failed += 1
            print(f"FAILED  {name}")
            traceback.print_exc(file=sys.stdout)
        else:
            passed = True
            self.passed += 1
            print(f"ok      {name} ({time.monotonic() - start:.1f} s)")
        for call in [proves] if isinstance(proves, str) else proves:
            self.proof.note(call, passed)
        sys.stdout.flush()

    def close(self):
        """Prints what came of it; the exit code."""
        proven = self.proof is None or self.proof.report()
        print(f"{self.passed} passed, {self.failed} failed")
        return 0 if proven and not self.failed else 1


def same(found, expected, what="value"):
    """Complains unless both are equal."""
    assert found == expected, f"{what}: {found!r}, expected {expected!r}"
