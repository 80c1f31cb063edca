"""The part of a person with a browser: opens the address that a program gives, signs in, agrees, and reads the code."""

import socket
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

resolve = socket.getaddrinfo


def near(host, *more, **named):
    """Names below localhost are this computer, whatever the resolver knows (RFC 6761, 6.3)."""
    is_near = isinstance(host, str) and host.endswith(".localhost")
    return resolve("127.0.0.1" if is_near else host, *more, **named)


socket.getaddrinfo = near


class Forms(HTMLParser):
    """The forms of a page, and the code that one shows."""

    def __init__(self, html):
        super().__init__()
        self.forms, self.code, self.in_code = [], "", False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.forms.append((given.get("action"), {}))
        elif tag == "input" and self.forms and given.get("name"):
            self.forms[-1][1][given["name"]] = given.get("value") or ""
        elif tag == "code" and given.get("id") == "code":
            self.in_code = True

    def handle_data(self, data):
        if self.in_code:
            self.code += data

    def handle_endtag(self, tag):
        if tag == "code":
            self.in_code = False

    def fields(self, action):
        return next(fields for at, fields in self.forms if at == action)


def let_in(address, name, password):
    """Lets a program in; answers the code to give it."""
    browser = requests.Session()
    page = browser.get(address)
    form = Forms(page.text).fields("/sign-in")
    form.update(handle=name, password=password)
    page = browser.post(urljoin(page.url, "/sign-in"), data=form)
    assert page.status_code == 200, page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    form = Forms(page.text).fields("/oauth/authorize")
    form["do"] = "allow"
    page = browser.post(urljoin(page.url, "/oauth/authorize"), data=form)
    assert page.status_code == 200, page.text
    return Forms(page.text).code


if __name__ == "__main__":
    import sys

    print(let_in(*sys.argv[1:4]))
