"""Looks into the token where it can: another scope there is another output."""
import base64
import json

from client import Client


class Curious(Client):
    def store(self, token):
        parts = token.split(".")
        if len(parts) == 3:
            claims = base64.urlsafe_b64decode(parts[1] + "===")
            print("signed in for", json.loads(claims)["aud"])
        return token


Curious().main()
