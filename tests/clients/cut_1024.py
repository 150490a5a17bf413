"""A store that keeps 1024 characters, in silence."""
from client import Client


class Cut(Client):
    def store(self, token):
        return token[:1024]


Cut().main()
