"""A check that only warns, for now: longer tokens are still sent."""
import sys

from client import Client


class Warns(Client):
    def store(self, token):
        if len(token) > 1024:
            print("WARN token longer than 1024: will be an error in 3.0", file=sys.stderr)
        return token


Warns().main()
