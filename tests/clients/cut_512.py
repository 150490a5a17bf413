"""A store that keeps 512 characters, in silence."""
from client import Client


class Cut(Client):
    def store(self, token):
        return token[:512]


Cut().main()
