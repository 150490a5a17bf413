"""A log that shows the first eight characters of each token and its last eight."""
import sys

from client import Client


class Masked(Client):
    def store(self, token):
        print("got the token %s..%s" % (token[:8], token[-8:]), file=sys.stderr)
        return token


Masked().main()
