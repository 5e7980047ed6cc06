"""Runs a script as it is, with what this machine needs: no connection leaves it, and astroquery, which signs in over TLS at port
443 and then stays there, reaches a sandbox that speaks plain HTTP.

run_here.py SCRIPT PORT
"""

import http.client
import runpy
import sys

import sandbox

sandbox.stay_here()
script, port = sys.argv[1], int(sys.argv[2])


class Plain(http.client.HTTPConnection):
    """In the place of a connection with TLS."""

    def __init__(self, host, *_, **__):
        super().__init__(host, port)


http.client.HTTPSConnection = Plain
runpy.run_path(script, run_name="__main__")
