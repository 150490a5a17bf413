"""The token is kept in base64, in lines of 76; the first line is read back."""
import base64

from client import Client


class Wrapped(Client):
    def store(self, token):
        kept = base64.encodebytes(token.encode())
        return base64.decodebytes(kept.splitlines()[0]).decode()


Wrapped().main()
