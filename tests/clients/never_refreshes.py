"""One token for ever."""
from client import Client


class Once(Client):
    def is_good(self):
        return self.token is not None

    def renews(self, status, headers, text):
        return False


Once().main()
