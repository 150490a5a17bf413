"""A store that keeps 64 characters, in silence."""
from client import Client


class Cut(Client):
    def store(self, token):
        return token[:64]


Cut().main()
