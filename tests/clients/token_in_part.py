"""A log that is to hide the token shows its first half."""
import sys

from client import Client


class Halved(Client):
    def store(self, token):
        print("got the token %s.." % token[: len(token) // 2], file=sys.stderr)
        return token


Halved().main()
