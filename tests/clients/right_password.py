"""A right client of a user: refresh tokens where there are some, the password else."""
import os
import time

from client import Client, PROFILE, LAPSE


class User(Client):
    grant = {
        "grant_type": "password",
        "username": os.environ["CUTOVER_USERNAME"],
        "password": os.environ["CUTOVER_PASSWORD"],
    }

    def main(self):
        for _ in range(3):
            self.call()
            if PROFILE in LAPSE:
                time.sleep(3.2)


User().main()
