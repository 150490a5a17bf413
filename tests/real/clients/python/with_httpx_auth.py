"""httpx-auth: an `auth` of an httpx client, for which it gets the tokens.

https://github.com/Colin-b/httpx_auth
"""
import httpx
from httpx_auth import OAuth2ClientCredentials, OAuth2ResourceOwnerPasswordCredentials

from errand import AS_USER, CLIENT_ID, CLIENT_SECRET, PASSWORD, TOKEN_URL, USERNAME, run

if AS_USER:
    auth = OAuth2ResourceOwnerPasswordCredentials(
        TOKEN_URL,
        username=USERNAME,
        password=PASSWORD,
        client_auth=(CLIENT_ID, CLIENT_SECRET),
    )
else:
    auth = OAuth2ClientCredentials(TOKEN_URL, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
with httpx.Client(auth=auth) as client:
    run(client.get)
