"""Reads the token answer into a class that has a field for each member it knows, and no other."""
import dataclasses
import typing

from client import Client


@dataclasses.dataclass
class TokenAnswer:
    access_token: str
    token_type: str
    expires_in: typing.Any = None
    refresh_token: typing.Optional[str] = None
    scope: typing.Optional[str] = None


class Strict(Client):
    def keep(self, answer):
        known = dataclasses.asdict(TokenAnswer(**answer))
        super().keep({name: value for name, value in known.items() if value is not None})


Strict().main()
