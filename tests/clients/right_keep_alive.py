"""A right client with one connection for all calls."""
import http.client
import urllib.parse

import client
from client import Client

PARTS = urllib.parse.urlsplit(client.API_URL)
CONNECTION = http.client.HTTPConnection(PARTS.hostname, PARTS.port, timeout=20)


def send(url, method="GET", headers=None, body=None):
    CONNECTION.request(method, urllib.parse.urlsplit(url).path, body, headers or {})
    answer = CONNECTION.getresponse()
    return answer.status, answer.headers, answer.read().decode()


client.send = send
Client().main()
