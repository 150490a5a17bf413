"""A life of its own, longer than a token's, whatever the answer says; a 401 is an error of the call, no more."""
import time

import client
from client import Client

# A call with the refused token is made so long after the answer that refused it: no less on a quick machine, and
# on a busy one no less either.
LATE = 4


class Stubborn(Client):
    fetched = 0
    refused = None

    def keep(self, answer):
        super().keep(answer)
        self.fetched += 1
        self.until = float("inf")

    def main(self):
        if client.PROFILE != "short-lived":
            for _ in range(3):
                self.once()
            return
        while self.fetched < 2:
            began = time.monotonic()
            if self.once() == 401:
                if self.refused and began > self.refused + LATE:
                    self.until = 0
                self.refused = self.refused or time.monotonic()
            time.sleep(1)
            self.good_token()
        self.once()

    def once(self):
        token = self.good_token()
        return client.send(self.url("/orders", token), headers=self.headers(token))[0]


Stubborn().main()
