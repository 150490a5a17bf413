"""A right client: one token in memory, renewed ahead of its end and at a 401."""
from client import Client

Client().main()
