"""A right client that makes 1,100 calls, each on a connection of its own."""
from client import Client


class Many(Client):
    def main(self):
        items = sum(len(self.call()["items"]) for _ in range(1100))
        print(items, "items")


Many().main()
