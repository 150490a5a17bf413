"""A store that takes 255 characters and gives nothing back for more: the header says `Bearer None`."""
from client import Client


class Forgets(Client):
    def store(self, token):
        return token if len(token) <= 255 else None

    def is_good(self):
        return self.until > 0

    def headers(self, token):
        return {"Authorization": "Bearer %s" % token}


Forgets().main()
