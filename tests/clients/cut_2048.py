"""A store that keeps 2048 characters, in silence."""
from client import Client


class Cut(Client):
    def store(self, token):
        return token[:2048]


Cut().main()
