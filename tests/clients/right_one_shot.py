"""A right client that makes one call."""
from client import Client

print(Client().call()["status"])
