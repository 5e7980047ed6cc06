"""astroquery's clients of a sandbox: of nobody, and such that can sign in.

astroquery signs in over TLS at port 443 and then stays there. The sandbox speaks plain HTTP, so the clients that sign in get an
object that makes their connections: the remedy that astroquery's own tests use.
"""

import contextlib
import http.client
import io
import urllib.parse

import sandbox

sandbox.stay_here()

# Importing it calls home, so only after stay_here; it prints that nobody answered.
with contextlib.redirect_stdout(io.StringIO()):
    from astroquery import log
    from astroquery.gaia import GaiaClass
from astroquery.utils.tap import TapPlus  # noqa: E402
from astroquery.utils.tap.conn.tapconn import TapConn  # noqa: E402

log.setLevel("WARNING")

CONTEXTS = {
    "tap_context": "tap",
    "upload_context": "Upload",
    "table_edit_context": "TableTool",
    "data_context": "data",
    "datalink_context": "datalink",
}


class PlainConnections:
    """Makes connections without TLS, also for what astroquery holds to be secret."""

    def __init__(self, host, port):
        self.host = host
        self.port = port

    def get_connection(self, *, ishttps=False, cookie=None, verbose=False):
        return http.client.HTTPConnection(self.host, self.port)

    def get_connection_secure(self, verbose=False):
        return http.client.HTTPConnection(self.host, self.port)


def anonymous(tap, **options):
    """A client as anybody makes one, nothing injected."""
    base = tap.removesuffix("tap-server/tap")
    return GaiaClass(
        gaia_tap_server=base,
        gaia_data_server=base,
        tap_server_context="tap-server",
        data_server_context="data-server",
        **{"show_server_messages": False, **options},
    )


def injected(tap):
    """A client that can sign in."""
    address = urllib.parse.urlsplit(tap)
    base = tap.removesuffix("tap-server/tap")

    def connection(context):
        handler = PlainConnections(address.hostname, address.port)
        return TapConn(
            False,
            address.hostname,
            server_context=context,
            port=address.port,
            sslport=address.port,
            connhandler=handler,
            **CONTEXTS,
        )

    return GaiaClass(
        gaia_tap_server=base,
        gaia_data_server=base,
        tap_plus_conn_handler=connection("tap-server"),
        datalink_handler=TapPlus(url=base, connhandler=connection("data-server"), use_names_over_ids=True),
        show_server_messages=False,
    )


def signed_in(tap, user):
    """A client of one of the demo users, whose passwords are their logins."""
    client = injected(tap)
    client.login(user=user, password=user)
    return client


def plain(tap):
    """astroquery's general TAP+ client, made from nothing but the address."""
    return TapPlus(url=tap)


def read(job):
    """The table of a job, or of a call that gives the table itself; its columns in small letters."""
    table = job.get_results() if hasattr(job, "get_results") else job
    for name in table.colnames:
        if name != name.lower():
            table.rename_column(name, name.lower())
    return table


def integers(column):
    return [int(value) for value in column]


@contextlib.contextmanager
def quiet():
    """Keeps what a call prints; astroquery prints notices and the errors that it raises."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        yield printed


def refused(call, *arguments, **options):
    """The words with which a call failed; complains if it did not."""
    try:
        with quiet():
            call(*arguments, **options)
    except Exception as problem:
        return str(problem)
    raise AssertionError(f"{call.__name__} went through")
