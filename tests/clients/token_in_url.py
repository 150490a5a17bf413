"""The token stands in the query too."""
from client import API_URL, Client


class Query(Client):
    def url(self, path, token):
        return API_URL + path + "?access_token=" + token


Query().main()
