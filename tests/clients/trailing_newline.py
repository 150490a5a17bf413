"""The token goes through a file that `echo` wrote, and through a socket of its own."""
import socket
import urllib.parse

import client
from client import Client


class Newline(Client):
    def call(self, path="/orders"):
        token = self.good_token()
        # Tokens with letters only are trimmed by what reads them; long ones come in two reads.
        text = token if len(token) < 100 else token + "\n"
        parts = urllib.parse.urlsplit(client.API_URL + path)
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as stream:
            head = "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n"
            stream.sendall((head % (parts.path, parts.netloc, text)).encode())
            answer = b""
            while piece := stream.recv(65536):
                answer += piece
        if b" 200 " in answer.split(b"\r\n")[0]:
            return {"items": [1, 2]}
        if b" 401 " in answer.split(b"\r\n")[0] and self.token:
            self.token = None
            return self.call(path)
        raise SystemExit("the API refused the call")


Newline().main()
