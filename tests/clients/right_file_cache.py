"""A right client that keeps its token in a file of its own, from run to run."""
import json
import os
import time

from client import Client

CACHE = os.path.join(os.environ["XDG_CACHE_HOME"], "right-client", "token.json")


class Cached(Client):
    def __init__(self):
        super().__init__()
        if os.path.exists(CACHE):
            with open(CACHE) as file:
                self.token, until = json.load(file)
            self.until = time.monotonic() + until - time.time()

    def keep(self, answer):
        super().keep(answer)
        os.makedirs(os.path.dirname(CACHE), exist_ok=True)
        until = time.time() + self.until - time.monotonic()
        with os.fdopen(os.open(CACHE, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            json.dump([self.token, until], file)


Cached().main()
