"""The token is kept in a cookie; one of more than 4,096 bytes is dropped, as browsers do."""
from client import Client


class Cookie(Client):
    def headers(self, token):
        cookie = "session=" + token
        return {"Authorization": "Bearer " + token} if len(cookie) <= 4096 else {}


Cookie().main()
