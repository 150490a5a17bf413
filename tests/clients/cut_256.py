"""A store that keeps 256 characters, in silence."""
from client import Client


class Cut(Client):
    def store(self, token):
        return token[:256]


Cut().main()
