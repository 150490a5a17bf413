"""A cache in memory that knows tokens by their first 40 characters, which are the same in every JWT."""
from client import Client


class Cached(Client):
    known = {}

    def store(self, token):
        return self.known.setdefault(token[:40], token)


Cached().main()
