"""requests_oauth2client: an `auth` of a requests session, for which it gets the tokens.

https://guillp.github.io/requests_oauth2client/
"""
import requests
from requests_oauth2client import (
    OAuth2Client,
    OAuth2ClientCredentialsAuth,
    OAuth2ResourceOwnerPasswordAuth,
)

from errand import AS_USER, CLIENT_ID, CLIENT_SECRET, PASSWORD, TOKEN_URL, USERNAME, run

server = OAuth2Client(token_endpoint=TOKEN_URL, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
session = requests.Session()
if AS_USER:
    session.auth = OAuth2ResourceOwnerPasswordAuth(server, username=USERNAME, password=PASSWORD)
else:
    session.auth = OAuth2ClientCredentialsAuth(server)
run(session.get)
