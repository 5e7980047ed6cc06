"""Runs of STILTS, which stay on this machine: whatever else it asks for goes to a proxy that is not there."""

import subprocess

STAY_HERE = [f"-D{scheme}.proxy{what}" for scheme in ("http", "https") for what in ("Host=127.0.0.1", "Port=9")]


def run(task, *arguments):
    """A task of STILTS that has ended, with all that it said."""
    return subprocess.run(["stilts", *STAY_HERE, task, *arguments], capture_output=True, text=True, timeout=900)
