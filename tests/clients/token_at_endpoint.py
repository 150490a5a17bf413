"""The token that has ended goes along when the next is asked for, in the URL and in the form."""
import client
from client import Client


class Attached(Client):
    last = ""

    def fields(self):
        client.TOKEN_URL = client.TOKEN_URL.split("?")[0] + ("?old=" + self.last if self.last else "")
        return {**self.grant, "note": self.last} if self.last else self.grant

    def store(self, token):
        self.last = token
        return token


Attached().main()
