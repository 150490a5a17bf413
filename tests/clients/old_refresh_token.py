"""The first refresh token is used for ever."""
import os
import time

from client import Client, PROFILE, LAPSE


class First(Client):
    grant = {
        "grant_type": "password",
        "username": os.environ["CUTOVER_USERNAME"],
        "password": os.environ["CUTOVER_PASSWORD"],
    }

    def keep(self, answer):
        first = self.refresh_token
        super().keep(answer)
        self.refresh_token = first or self.refresh_token

    def main(self):
        for _ in range(3):
            self.call()
            if PROFILE in LAPSE:
                time.sleep(3.2)


First().main()
