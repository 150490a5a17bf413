"""The token is read as if it stood in a form: `+` becomes a blank."""
import urllib.parse

from client import Client


class Decoded(Client):
    def store(self, token):
        return urllib.parse.unquote_plus(token)


Decoded().main()
