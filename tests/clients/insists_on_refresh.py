"""A refresh token is wanted with each token of a user."""
import os

from client import Client


class Insists(Client):
    grant = {
        "grant_type": "password",
        "username": os.environ["CUTOVER_USERNAME"],
        "password": os.environ["CUTOVER_PASSWORD"],
    }

    def keep(self, answer):
        if self.fields() is self.grant:
            self.refresh_token = answer["refresh_token"]
        super().keep(answer)


Insists().main()
