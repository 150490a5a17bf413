"""Much is sent on one connection that is kept alive: more than is kept of it byte for byte."""
import http.client
import json
import urllib.parse

import client
from client import Client

# Three of them are more than the first MiB; one is that by itself.
PIECES = (400_000, 400_000, 400_000, 2_000_000)


class Uploader(Client):
    def late(self, token):
        """What is sent when much was sent."""
        return token

    def main(self):
        parts = urllib.parse.urlsplit(client.API_URL)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        token = self.good_token()
        headers = {"Authorization": "Bearer " + token, "Content-Type": "application/octet-stream"}

        def send(method, path, body, headers):
            connection.request(method, parts.path + path, body, headers)
            answer = connection.getresponse()
            print(answer.status, len(json.loads(answer.read()).get("items", [])))

        for size in PIECES:
            send("PUT", "/pieces", b"x" * size, headers)
        send("GET", "/orders", None, {"Authorization": "Bearer " + self.late(token)})
