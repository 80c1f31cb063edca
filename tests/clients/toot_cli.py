"""toot, the program for the command line, drives an instance as its users do: is let in, follows, reads, replies, takes a
position, marks, deletes and leaves.

Arguments: the instance's origin, the name and the password of an account there, and the id of an opinion of somebody else
in the topic `rivers`. Prints each step that passed.
"""

import json
import os
import pathlib
import sys
import tempfile
import webbrowser

from browser import let_in

ORIGIN, NAME, PASSWORD, OPINION = sys.argv[1:5]
# Before toot is imported: its settings are nobody's.
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp()

import click  # noqa: E402
from click.testing import CliRunner  # noqa: E402
from toot.cli import cli  # noqa: E402

codes = []
webbrowser.open = lambda address: codes.append(let_in(address, NAME, PASSWORD))
click.prompt = lambda text, **named: codes[-1] if text.startswith("Authorization") else "Y"


def toot(*arguments, refused=False):
    ran = CliRunner().invoke(cli, list(arguments))
    assert (ran.exit_code != 0) == refused, (arguments, ran.output, ran.exception)
    return ran.output


def step(what):
    print(f"passed: toot: {what}", flush=True)


assert "logged in" in toot("login", "--instance", ORIGIN)
assert NAME in toot("whoami")
step("login, by the page for it")

assert "4.5" in toot("instance")
step("instance")

toot("follow", "rivers")
assert "rivers" in toot("following", NAME)
step("follow a topic")

assert "Two banks" in toot("timelines", "home")
assert "Two banks" in toot("timelines", "public")
assert "Two banks" in toot("timelines", "tag", "rivers")
step("the opinion at home, in public and under the topic's tag")

found = json.loads(toot("search", "banks", "--json"))
opinion = next(one for one in found["statuses"] if one["uri"] == OPINION)["id"]
assert "Two banks" in toot("status", opinion)
step("search, and the opinion alone")

reply = json.loads(toot("post", "--reply-to", opinion, "The left bank too.", "--json"))
assert reply["in_reply_to_id"] == opinion, reply
assert "The left bank too." in toot("thread", opinion)
step("reply, and read the thread")

toot("post", "--reply-to", opinion, "support: both banks were asked.")
assert "both banks were asked" in toot("thread", opinion)
assert "Recorded" in toot("notifications")
step("take a position by a keyword, and be told of the receipt")

toot("favourite", opinion)
assert json.loads(toot("status", opinion, "--json"))["favourites_count"] == 1
toot("unfavourite", opinion)
toot("reblog", opinion)
toot("unreblog", opinion)
toot("bookmark", opinion)
assert "Two banks" in toot("bookmarks")
step("favourite, reblog, bookmark, and back")

picture = str(pathlib.Path(__file__).parents[2] / "assets" / "avatar.png")
shown = json.loads(toot(
    "post", "--reply-to", opinion, "--media", picture, "--description", "A bank", "See the bank.", "--json",
))
assert [one["description"] for one in shown["media_attachments"]] == ["A bank"], shown
toot("delete", shown["id"])
step("show a picture in a reply")

toot("delete", reply["id"])
assert "The left bank too." not in toot("thread", opinion)
toot("status", reply["id"], refused=True)
toot("post", "To nobody.", refused=True)
toot("unfollow", "rivers")
step("delete, be refused what answers nothing, unfollow")

toot("logout", f"{NAME}@{ORIGIN.split('//')[1]}")
step("logout")
