"""Waits for ever where the token is longer than what one read gives it."""
import time

from client import Client


class Hanging(Client):
    def store(self, token):
        while len(token) > 8000:
            time.sleep(1)
        return token


Hanging().main()
