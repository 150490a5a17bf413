"""Authlib: `OAuth2Session` with `token_endpoint`, which renews its token by itself.

https://docs.authlib.org/en/latest/oauth2/client/http/index.html
"""
from authlib.integrations.requests_client import OAuth2Session

from errand import AS_USER, CLIENT_ID, CLIENT_SECRET, PASSWORD, TOKEN_URL, USERNAME, run

grant = "password" if AS_USER else "client_credentials"
who = {"username": USERNAME, "password": PASSWORD} if AS_USER else {}
session = OAuth2Session(CLIENT_ID, CLIENT_SECRET, token_endpoint=TOKEN_URL, grant_type=grant)
session.fetch_token(TOKEN_URL, grant_type=grant, **who)
run(session.get)
