"""Mastodon.py drives an instance as its users do: registers, is let in by the consent page, asks who it is, follows, reads,
replies, takes a position, edits and deletes.

Arguments: the instance's origin, the name and the password of an account there, and the id of an opinion of somebody else
in the topic `rivers`. Prints each step that passed.
"""

import socket
import sys
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests
from mastodon import Mastodon
from mastodon.errors import (
    MastodonAPIError,
    MastodonIllegalArgumentError,
    MastodonNotFoundError,
    MastodonUnauthorizedError,
)

ORIGIN, NAME, PASSWORD, OPINION = sys.argv[1:5]
SCOPES = ["read", "write", "follow", "push"]

resolve = socket.getaddrinfo


def near(host, *more, **named):
    """Names below localhost are this computer, whatever the resolver knows (RFC 6761, 6.3)."""
    is_near = isinstance(host, str) and host.endswith(".localhost")
    return resolve("127.0.0.1" if is_near else host, *more, **named)


socket.getaddrinfo = near


def step(what):
    print(f"passed: Mastodon.py: {what}", flush=True)


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


def let_in(address):
    """What a person does with a browser: opens the address, signs in, agrees, and reads the code."""
    browser = requests.Session()
    page = browser.get(address)
    form = Forms(page.text).fields("/sign-in")
    form.update(handle=NAME, password=PASSWORD)
    page = browser.post(urljoin(page.url, "/sign-in"), data=form)
    assert page.status_code == 200, page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    form = Forms(page.text).fields("/oauth/authorize")
    form["do"] = "allow"
    page = browser.post(urljoin(page.url, "/oauth/authorize"), data=form)
    assert page.status_code == 200, page.text
    return Forms(page.text).code


def refused(error, call):
    try:
        call()
    except error:
        return
    raise AssertionError(f"{error.__name__} was expected")


client_id, client_secret = Mastodon.create_app("polylogue-drive", scopes=SCOPES, api_base_url=ORIGIN)
step("register an app")

api = Mastodon(client_id=client_id, client_secret=client_secret, api_base_url=ORIGIN)
address = api.auth_request_url(scopes=SCOPES, allow_http=True)
code = let_in(address)
assert code
step("let in by the consent page, with a session of cookies")

token = api.log_in(code=code, scopes=SCOPES, allow_http=True)
assert token
step("exchange the code for a token, with every scope")

app = api.app_verify_credentials()
assert app.name == "polylogue-drive", app
step("apps/verify_credentials")

instance = api.instance()
assert ORIGIN.endswith(instance.domain) or ORIGIN.endswith(instance.uri), instance
assert api.retrieve_mastodon_version().startswith("4.5"), api.retrieve_mastodon_version()
assert api.instance_v1().uri and api.instance_rules() == []
step("instance, versions 1 and 2")

info = api.instance_nodeinfo()
assert info.software.name == "polylogue" and info.metadata.upstream.name == "mastodon"
step("nodeinfo")

assert api.custom_emojis() == [] and api.announcements() == [] and api.lists() == []
assert api.preferences()["posting:default:visibility"] == "public"
api.markers_set(["home"], ["114823001000000001"])
assert str(api.markers_get(["home"])["home"].last_read_id) == "114823001000000001"
step("what is asked at the start: emojis, announcements, lists, preferences, markers")

me = api.account_verify_credentials()
assert me.username == NAME and me.source.privacy == "public", me
step("account_verify_credentials")

room = api.account_lookup("rivers")
assert room.group, room
assert api.account_follow(room.id).following
assert any(one.id == room.id for one in api.account_following(me.id))
step("look up a topic and follow it")

opinion = api.search_v2(OPINION, resolve=True).statuses[0]
assert opinion.uri == OPINION and "Two banks" in opinion.content, opinion
assert any(one.id == opinion.id for one in api.timeline_home())
assert any(one.id == opinion.id for one in api.timeline_hashtag("rivers"))
step("find an opinion by its address, and at home")

reply = api.status_post("The left bank too.", in_reply_to_id=opinion.id, idempotency_key="one")
again = api.status_post("The left bank too.", in_reply_to_id=opinion.id, idempotency_key="one")
assert reply.id == again.id and reply.in_reply_to_id == opinion.id, (reply, again)
below = api.status_context(opinion.id).descendants
assert [one.id for one in below] == [reply.id], below
step("reply, once although sent twice, and see it in the thread")

edited = api.status_update(reply.id, "The left bank as well.")
assert "as well" in edited.content and edited.edited_at, edited
assert [("too" in one.content) for one in api.status_history(reply.id)] == [True, False]
assert api.status_source(reply.id).text == "The left bank as well."
step("edit a reply, with its history and source")

assert api.status_favourite(opinion.id).favourites_count == 1
assert [one.id for one in api.status_favourited_by(opinion.id)] == [me.id]
assert api.status_unfavourite(opinion.id).favourites_count == 0
assert api.status_bookmark(opinion.id).bookmarked
assert [one.id for one in api.bookmarks()] == [opinion.id]
step("favourite and bookmark")

api.status_post("support: both banks were asked.", in_reply_to_id=opinion.id)
told = api.notifications()
assert any(one.type == "mention" and "Recorded" in one.status.content for one in told), told
below = api.status_context(opinion.id).descendants
assert any("both banks were asked" in one.content for one in below), below
assert api.status(opinion.id).favourites_count == 0
step("take a position by a keyword, with a receipt, and counted nowhere")

api.status_delete(reply.id)
refused(MastodonNotFoundError, lambda: api.status(reply.id))
refused(MastodonAPIError, lambda: api.status_post("To nobody."))
assert not api.account_unfollow(room.id).following
step("delete, be told why a post that answers nothing is refused, unfollow")

stranger = Mastodon(client_id=client_id, client_secret=client_secret, api_base_url=ORIGIN)
refused(MastodonIllegalArgumentError, lambda: stranger.log_in(code=code, scopes=SCOPES, allow_http=True))
refused(MastodonUnauthorizedError, api.preferences)
step("a code used twice gives nothing, and ends what it gave")

code = let_in(api.auth_request_url(scopes=["read"], allow_http=True))
reader = Mastodon(client_id=client_id, client_secret=client_secret, api_base_url=ORIGIN)
reader.log_in(code=code, scopes=["read"], allow_http=True)
refused(MastodonAPIError, lambda: reader.markers_set(["home"], ["1"]))
step("a token for reading writes nothing")

reader.revoke_access_token(allow_http=True)
step("revoke")
