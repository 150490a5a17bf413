"""A pattern for UUIDs: what does not fit is refused."""
import re
import sys

from client import Client

UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


class Pattern(Client):
    def store(self, token):
        if not UUID.match(token):
            sys.exit("error: the token endpoint answered with a malformed token")
        return token


Pattern().main()
