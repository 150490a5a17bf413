"""A token for each call."""
from client import Client


class Hungry(Client):
    def is_good(self):
        return False


Hungry().main()
