"""A right client that knows no times: a 401 is the end of a token."""
from client import Client


class Reactive(Client):
    def is_good(self):
        return self.token is not None


Reactive().main()
