"""google-auth: `Credentials` of a user and an `AuthorizedSession`.

The library does not log in: as with google-auth-oauthlib, something else has the first token, here
one request with a user's password, and hands on the refresh token with it.
https://googleapis.dev/python/google-auth/latest/user-guide.html
"""
import datetime

import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.credentials import Credentials

from errand import CLIENT_ID, CLIENT_SECRET, PASSWORD, TOKEN_URL, USERNAME, run

form = {"grant_type": "password", "username": USERNAME, "password": PASSWORD}
answer = requests.post(TOKEN_URL, data=form, auth=(CLIENT_ID, CLIENT_SECRET))
answer.raise_for_status()
token = answer.json()
expiry = None
if "expires_in" in token:
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    expiry = now + datetime.timedelta(seconds=float(token["expires_in"]))
credentials = Credentials(
    token["access_token"],
    refresh_token=token.get("refresh_token"),
    token_uri=TOKEN_URL,
    client_id=CLIENT_ID,
    client_secret=CLIENT_SECRET,
    expiry=expiry,
)
run(AuthorizedSession(credentials).get)
