"""`expires_in` is taken as a number only."""
import time

from client import Client


class Strict(Client):
    def keep(self, answer):
        self.until = time.monotonic() + 0.9 * answer["expires_in"]
        self.token = answer["access_token"]


Strict().main()
