"""Mastodon.py drives an instance as its users do: registers, is let in by the consent page, asks who it is, follows, reads,
replies, takes a position, edits and deletes.

Arguments: the instance's origin, the name and the password of an account there, and the id of an opinion of somebody else
in the topic `rivers`. Prints each step that passed.
"""

import base64
import pathlib
import queue
import sys

from mastodon import Mastodon, StreamListener
from mastodon.errors import (
    MastodonAPIError,
    MastodonIllegalArgumentError,
    MastodonNotFoundError,
    MastodonUnauthorizedError,
)

from browser import let_in

ORIGIN, NAME, PASSWORD, OPINION = sys.argv[1:5]
SCOPES = ["read", "write", "follow", "push"]

def step(what):
    print(f"passed: Mastodon.py: {what}", flush=True)


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
code = let_in(address, NAME, PASSWORD)
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

class Ear(StreamListener):
    """Keeps what it is told."""

    def __init__(self):
        self.heard = queue.Queue()

    def on_update(self, status):
        self.heard.put(("update", status))

    def on_status_update(self, status):
        self.heard.put(("status.update", status))

    def on_notification(self, notification):
        self.heard.put(("notification", notification))

    def on_delete(self, status_id):
        self.heard.put(("delete", status_id))

    def waits_for(self, kind, fits):
        while True:
            told, what = self.heard.get(timeout=60)
            if told == kind and fits(what):
                return what


assert api.stream_healthy()
ear = Ear()
stream = api.stream_user(ear, run_async=True, timeout=120)
third = api.status_post("The third bank.", in_reply_to_id=opinion.id)
assert "third bank" in ear.waits_for("update", lambda one: one.id == third.id).content
api.status_update(third.id, "The third bank of the river.")
assert "of the river" in ear.waits_for("status.update", lambda one: one.id == third.id).content
api.status_post("withdraw", in_reply_to_id=opinion.id)
ear.waits_for("notification", lambda one: one.type == "mention")
api.status_delete(third.id)
ear.waits_for("delete", lambda one: str(one) == str(third.id))
stream.close()
step("listen to one's own stream: a post, an edit, a notification, a deletion")

changed = api.account_update_credentials(
    display_name="Ana of the left bank", note="I look after *banks*.", discoverable=True,
    fields=[("Site", "https://ana.example/"), ("Work", "Banks")],
)
assert changed.display_name == "Ana of the left bank" and changed.source.note == "I look after *banks*.", changed
assert [one.name for one in changed.fields] == ["Site", "Work"], changed.fields
refused(MastodonAPIError, lambda: api.account_update_credentials(locked=True))
other = opinion.account.id
assert api.account_note_set(other, "met at the river").note == "met at the river"
assert api.status_pin(reply.id).pinned
assert [one.id for one in api.account_statuses(me.id, pinned=True)] == [reply.id]
assert not api.status_unpin(reply.id).pinned
step("change the profile, note something on somebody, pin a post")

assert api.account_mute(other, notifications=False, duration=600).muting
assert [one.id for one in api.mutes()] == [other]
assert not any(one.account.id == other for one in api.timeline_public())
assert not api.account_unmute(other).muting
assert api.account_block(other).blocking and api.account_relationships([other])[0].blocking
assert [one.id for one in api.blocks()] == [other]
assert not api.account_unblock(other).blocking
api.domain_block("elsewhere.example")
assert api.domain_blocks() == ["elsewhere.example"]
api.domain_unblock("elsewhere.example")
assert api.status_mute(opinion.id).muted and not api.status_unmute(opinion.id).muted
step("mute, block, and silence a discussion")

told = api.report(other, status_ids=[opinion.id], comment="It is about another river.", category="violation")
assert (told.category, told.comment, told.action_taken) == ("violation", "It is about another river.", False), told
assert (told.target_account.id, told.status_ids) == (other, [str(opinion.id)]), told
assert sorted(one.id for one in api.accounts([me.id, other])) == sorted([me.id, other])
familiar = api.account_familiar_followers([other])
assert [one.id for one in familiar] == [other] and not familiar[0].accounts, repr(familiar[0])
step("report a post, read several accounts at once, ask who of one's own follows somebody")

shelf = api.list_create("Rivers")
api.list_accounts_add(shelf.id, [room.id])
assert [one.id for one in api.list_accounts(shelf.id)] == [room.id]
assert [one.id for one in api.account_lists(room.id)] == [shelf.id]
assert opinion.id in [one.id for one in api.timeline_list(shelf.id)]
assert api.list_update(shelf.id, "Rivers first").title == "Rivers first"
api.list_accounts_delete(shelf.id, [room.id])
api.list_delete(shelf.id)
assert api.lists() == []
step("make a list, read it, delete it")

sieve = api.create_filter_v2(
    "Banks", ["home", "public"], "warn", expires_in=3600,
    keywords_attributes=[{"keyword": "two banks", "whole_word": True}],
)
assert [one.id for one in api.filters_v2()] == [sieve.id]
met = [one for one in api.timeline_home() if one.id == opinion.id][0].filtered
assert met[0].filter.id == sieve.id and met[0].keyword_matches == ["two banks"], met
word = api.add_filter_keyword_v2(sieve.id, "delta")
assert word.keyword == "delta"
api.delete_filter_keyword_v2(word.id)
api.delete_filter_v2(sieve.id)
old = api.filter_create("banks", ["public"], whole_word=True)
assert [one.phrase for one in api.filters()] == ["banks"]
api.filter_delete(old.id)
assert api.filters() == []
step("make a filter, meet it, delete it")

assert api.tag_follow("rivers").following and [one.name for one in api.followed_tags()] == ["rivers"]
step("follow a topic by its tag")

# The point and the secret of a browser that nobody has (RFC 8291, appendix A).
browser = {
    "pubkey": base64.urlsafe_b64decode(
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4="
    ),
    "auth": base64.urlsafe_b64decode("BTBZMqHH6r4Tts7J_aSIgg=="),
}
refused(MastodonNotFoundError, api.push_subscription)
told = api.push_subscription_set("https://push.example/1", browser, mention_events=True)
assert told.alerts.mention and not told.alerts.follow, told
assert told.server_key == instance.configuration.vapid.public_key == app.vapid_key, told
assert api.push_subscription_update(follow_events=True).alerts.follow
assert api.push_subscription().endpoint == "https://push.example/1"
api.push_subscription_delete()
refused(MastodonNotFoundError, api.push_subscription)
step("ask to be told by push, change it, end it")

picture = str(pathlib.Path(__file__).parents[2] / "assets" / "avatar.png")
brought = api.media_post(picture, "image/png", description="A bank", focus=(0.5, -0.5))
assert brought.type == "image" and brought.meta.focus.x == 0.5, brought
assert api.media_update(brought.id, description="The left bank").description == "The left bank"
assert api.media(brought.id).url == brought.url
shown = api.status_post("See the bank.", in_reply_to_id=opinion.id, media_ids=[brought])
assert [one.description for one in shown.media_attachments] == ["The left bank"], shown
assert [one.id for one in api.account_statuses(me.id, only_media=True)] == [shown.id]
refused(MastodonAPIError, lambda: api.status_post("Again.", in_reply_to_id=opinion.id, media_ids=[brought]))
mended = api.generate_media_edit_attributes(brought.id, description="Both banks")
edited = api.status_update(shown.id, "See the bank.", media_attributes=[mended])
assert edited.media_attachments[0].description == "Both banks", edited
api.status_delete(shown.id)
changed = api.account_update_credentials(avatar=picture, avatar_mime_type="image/png")
assert changed.avatar.startswith(f"{ORIGIN}/media/"), changed
assert api.account_delete_avatar().avatar.endswith("/assets/avatar.png")
step("bring a picture, show it in a reply, say what is in it; have a face")

api.status_delete(reply.id)
refused(MastodonNotFoundError, lambda: api.status(reply.id))
refused(MastodonAPIError, lambda: api.status_post("To nobody."))
assert not api.account_unfollow(room.id).following
step("delete, be told why a post that answers nothing is refused, unfollow")

stranger = Mastodon(client_id=client_id, client_secret=client_secret, api_base_url=ORIGIN)
refused(MastodonIllegalArgumentError, lambda: stranger.log_in(code=code, scopes=SCOPES, allow_http=True))
refused(MastodonUnauthorizedError, api.preferences)
step("a code used twice gives nothing, and ends what it gave")

code = let_in(api.auth_request_url(scopes=["read"], allow_http=True), NAME, PASSWORD)
reader = Mastodon(client_id=client_id, client_secret=client_secret, api_base_url=ORIGIN)
reader.log_in(code=code, scopes=["read"], allow_http=True)
refused(MastodonAPIError, lambda: reader.markers_set(["home"], ["1"]))
step("a token for reading writes nothing")

reader.revoke_access_token(allow_http=True)
step("revoke")
