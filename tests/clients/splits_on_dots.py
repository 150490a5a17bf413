"""The token is split at its dots, and the claims are taken for the token."""
from client import Client


class Split(Client):
    def store(self, token):
        parts = token.split(".")
        return parts[1] if len(parts) == 3 else token


Split().main()
