"""Keeps the token in a column of 255 characters."""
from service import Upstream, serve


class Cut(Upstream):
    def store(self, token):
        return token[:255]


serve(Cut())
