"""A call with the token in one header and what an old store holds of it, 36 characters, in a second one."""
import http.client
import urllib.parse

from client import API_URL, Client


class Twice(Client):
    def call(self, path="/orders"):
        token = self.good_token()
        parts = urllib.parse.urlsplit(API_URL + path)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
        connection.putrequest("GET", parts.path)
        connection.putheader("Authorization", "Bearer " + token)
        connection.putheader("Authorization", "Bearer " + token[:36])
        connection.endheaders()
        connection.getresponse().read()
        connection.close()
        return {"items": [1, 2]}


Twice().main()
