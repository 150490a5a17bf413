"""A store that keeps 4096 characters, in silence."""
from client import Client


class Cut(Client):
    def store(self, token):
        return token[:4096]


Cut().main()
