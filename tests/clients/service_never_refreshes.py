"""Asks for a token once in its life, whatever becomes of it."""
from service import Upstream, serve


class Once(Upstream):
    def is_good(self):
        return self.token is not None

    def renews(self, status, headers, text):
        return False


serve(Once())
