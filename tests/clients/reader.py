"""What the archive says to somebody who knows no client library: plain HTTP, to read back what a client did.

It shares no code with the clients under test, so that a client and its check cannot be wrong together.
"""

import csv
import io
import xml.etree.ElementTree

import requests

SECONDS = 60


class Reader:
    """Plain requests to a sandbox, of nobody or of a user whose password is the login."""

    def __init__(self, tap, user=None):
        self.tap = tap
        self.session = requests.Session()
        if user:
            sign_in(self.session, tap, user)

    def get(self, path, **parameters):
        return self.session.get(f"{self.tap}/{path}", params=parameters, timeout=SECONDS, allow_redirects=False)

    def text(self, path, **parameters):
        response = self.get(path, **parameters)
        assert response.status_code == 200, f"{path}: {response.status_code} {response.text[:300]}"
        return response.text

    def document(self, path, **parameters):
        """An XML document without its namespaces."""
        root = xml.etree.ElementTree.fromstring(self.text(path, **parameters).encode())
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
            element.attrib = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
        return root

    def query(self, query):
        """The response to a synchronous query, in csv."""
        data = {"REQUEST": "doQuery", "LANG": "ADQL", "FORMAT": "csv", "QUERY": query}
        return self.session.post(f"{self.tap}/sync", data=data, timeout=SECONDS)

    def rows(self, query):
        """The rows of a query, as text by the name of the column."""
        response = self.query(query)
        assert response.status_code == 200, f"{query}: {response.status_code} {response.text[:500]}"
        return list(csv.DictReader(io.StringIO(response.text)))

    def fails(self, query):
        """Complains if a query goes through."""
        response = self.query(query)
        assert response.status_code >= 400, f"{query} gave\n{response.text[:300]}"

    def tables(self, **parameters):
        """The names of all tables that may be seen."""
        return {table.findtext("name") for table in self.document("tables", only_tables="true", **parameters).iter("table")}

    def columns(self, table):
        """The elements of a table's columns by name."""
        return {column.findtext("name"): column for column in self.document("tables", tables=table).iter("column")}

    def job(self, identifier):
        """The document of a job."""
        return self.document(f"async/{identifier}")


def sign_in(session, tap, user):
    """Signs a `requests.Session` in at both programs of the archive, whose sessions are apart."""
    base = tap.removesuffix("/tap-server/tap")
    for context in ("tap-server", "data-server"):
        response = session.post(f"{base}/{context}/login", data={"username": user, "password": user}, timeout=SECONDS)
        assert response.status_code == 200, f"login of {user} at {context}: {response.status_code} {response.text[:300]}"
