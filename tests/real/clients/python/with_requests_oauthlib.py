"""requests-oauthlib: "Backend Application Flow", and "Refreshing tokens", third way, for a user.

https://requests-oauthlib.readthedocs.io/en/latest/oauth2_workflow.html
"""
from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient, TokenExpiredError
from requests_oauthlib import OAuth2Session

from errand import AS_USER, CLIENT_ID, CLIENT_SECRET, PASSWORD, TOKEN_URL, USERNAME, run

if AS_USER:
    session = OAuth2Session(
        client=LegacyApplicationClient(client_id=CLIENT_ID),
        auto_refresh_url=TOKEN_URL,
        auto_refresh_kwargs={"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
        token_updater=lambda token: None,
    )
    who = {"username": USERNAME, "password": PASSWORD}
else:
    session = OAuth2Session(client=BackendApplicationClient(client_id=CLIENT_ID))
    who = {}


def login():
    session.fetch_token(token_url=TOKEN_URL, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, **who)


def get(url):
    try:
        return session.get(url)
    except TokenExpiredError:
        login()
        return session.get(url)


login()
run(get)
