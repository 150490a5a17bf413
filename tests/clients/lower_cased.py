"""A store that does not know letter case."""
from client import Client


class Lower(Client):
    def store(self, token):
        return token.lower()


Lower().main()
