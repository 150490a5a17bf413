"""The token is written to the log."""
import sys

from client import Client


class Printed(Client):
    def store(self, token):
        print("got the token", token, file=sys.stderr)
        return token


Printed().main()
