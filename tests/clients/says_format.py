"""The log names the format of the token; nothing else differs."""
import sys

from client import Client


class Says(Client):
    def store(self, token):
        if token.count(".") == 2:
            print("the token is a JWT", file=sys.stderr)
        return token


Says().main()
