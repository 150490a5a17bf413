"""A right client that renews a minute ahead."""
import time

from client import Client


class Lead(Client):
    def keep(self, answer):
        super().keep(answer)
        self.until = time.monotonic() + float(answer.get("expires_in", 3600)) - 60


Lead().main()
