"""A store that keeps 128 characters, in silence."""
from client import Client


class Cut(Client):
    def store(self, token):
        return token[:128]


Cut().main()
