#!/usr/bin/env python3
"""A trial against a real GoToSocial on this machine: follow, read, reply, take a position by keyword, edit, delete, unfollow,
both ways. Prints a transcript in Markdown. Needs two programs and nothing else:

    tests/trials/gotosocial.py POLYLOGUE GOTOSOCIAL GOTOSOCIAL_SOURCE_DIR > transcript.md

Both servers are started in fresh directories, listen on loopback alone, and are stopped at the end. The names
`civil.localhost` and `gts.localhost` must lead to 127.0.0.1 (GoToSocial asks the system's resolver).
"""
import html, http.cookiejar, json, os, re, subprocess, sys, tempfile, time, urllib.error, urllib.parse, urllib.request

POLYLOGUE, GTS, GTS_SOURCE = sys.argv[1:4]
CIVIL, REMOTE = "civil.localhost:8481", "gts.localhost:8491"
AS = "application/activity+json"
PASSWORD = "correct horse battery"
WAIT_SECONDS = 60
work = tempfile.mkdtemp(prefix="polylogue-trial-")
steps = []


def call(method, url, body=None, token=None, headers=None, form=None):
    data, head = None, dict(headers or {})
    if body is not None:
        data, head["content-type"] = json.dumps(body).encode(), "application/json"
    if form is not None:
        data, head["content-type"] = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
    if token:
        head["authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, data, head, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read().decode()
            return answer.status, json.loads(text) if text[:1] in "[{" else text
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        return error.code, json.loads(text) if text[:1] in "[{" else text


def civil(method, path, body=None):
    return call(method, f"http://{CIVIL}/api/plg/v1{path}", body, tokens["amina"])


def gts(method, path, form=None):
    return call(method, f"http://{REMOTE}/api{path}", token=tokens["sofia"], form=form)


def until(what, question):
    """Asks until the answer is something: deliveries take their time. Answers it with the seconds that took."""
    began = time.monotonic()
    while True:
        answer = question()
        if answer:
            return answer, time.monotonic() - began
        if time.monotonic() - began > WAIT_SECONDS:
            raise SystemExit(f"not seen within {WAIT_SECONDS} s: {what}")
        time.sleep(0.25)


def say(number, did, saw, took=None):
    seen = f"after {took:.1f} s " if took is not None and took >= 0.1 else ""
    steps.append((number, did, seen + saw))
    print(f"{number} {did} -> {seen}{saw}", file=sys.stderr, flush=True)


def plain(text):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text or "")).split())


def start_civil():
    env = dict(
        os.environ,
        POLYLOGUE__SERVER__LISTEN="127.0.0.1:8481",
        POLYLOGUE__INSTANCE__DOMAIN=CIVIL,
        POLYLOGUE__INSTANCE__NAME="Civil",
        POLYLOGUE__INSTANCE__GROUP="civil-society",
        POLYLOGUE__DATA__DIR=f"{work}/civil",
    )
    log = open(f"{work}/civil.log", "w")
    server = subprocess.Popen([POLYLOGUE, "serve"], cwd=work, env=env, stdout=log, stderr=log)
    until("polylogue listens", lambda: up(f"http://{CIVIL}/"))
    run = lambda *args, typed=None: subprocess.run(
        [POLYLOGUE, *args], cwd=work, env=env, input=typed, text=True, check=True, capture_output=True
    ).stdout.strip()
    run("account", "create", "amina", "--display-name", "Amina N.", "--email", "a@civil.example", "--role", "admin",
        "--group", "civil-society", "--password-stdin", typed=PASSWORD + "\n")
    run("topic", "create", "trial", "--name", "A trial", "--question", "Does it reach everybody?", "--language", "en",
        "--as", "amina")
    return server, run("token", "create", "amina", "--scope", "read write follow")


def up(url):
    try:
        return call("GET", url)[0] < 500
    except (urllib.error.URLError, ConnectionError):
        return False


def start_gts():
    settings = {
        "host": REMOTE, "protocol": "http", "bind-address": "127.0.0.1", "port": 8491, "db-type": "sqlite",
        "db-address": f"{work}/gts.db", "storage-local-base-path": f"{work}/gts-storage", "letsencrypt-enabled": False,
        "trusted-proxies": ["127.0.0.1/32"], "log-level": "info",
        "web-template-base-dir": f"{GTS_SOURCE}/web/template/", "web-asset-base-dir": f"{GTS_SOURCE}/web/assets/",
        "instance-inject-mastodon-version": False,
        "http-client": {"allow-ips": ["127.0.0.0/8", "::1/128"], "insecure-outgoing": True},
    }
    config = f"{work}/gts.yaml"
    with open(config, "w") as file:
        json.dump(settings, file)
    def run(*args):
        ran = subprocess.run([GTS, "--config-path", config, *args], cwd=work, capture_output=True, text=True)
        if ran.returncode:
            raise SystemExit(ran.stdout[-2000:] + ran.stderr[-2000:])

    log = open(f"{work}/gts.log", "w")
    server = subprocess.Popen([GTS, "--config-path", config, "server", "start"], cwd=work, stdout=log, stderr=log)
    until("gotosocial listens", lambda: up(f"http://{REMOTE}/api/v1/instance"))
    run("admin", "account", "create", "--username", "sofia", "--email", "sofia@gts.example", "--password", PASSWORD)
    return server


def sign_in_gts():
    """The code flow as a browser goes through it."""
    jar = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    oob = "urn:ietf:wg:oauth:2.0:oob"
    _, app = call("POST", f"http://{REMOTE}/api/v1/apps",
                  form={"client_name": "trial", "redirect_uris": oob, "scopes": "read write follow"})
    query = urllib.parse.urlencode({"client_id": app["client_id"], "redirect_uri": oob, "response_type": "code",
                                    "scope": "read write follow"})
    accept = {"accept": "text/html"}
    ask = lambda url, form=None: jar.open(urllib.request.Request(
        url, urllib.parse.urlencode(form).encode() if form is not None else None, accept), timeout=30)
    ask(f"http://{REMOTE}/oauth/authorize?{query}")
    ask(f"http://{REMOTE}/auth/sign_in", {"username": "sofia@gts.example", "password": PASSWORD})
    answer = ask(f"http://{REMOTE}/oauth/authorize", {})
    code = urllib.parse.parse_qs(urllib.parse.urlparse(answer.url).query).get("code")
    if not code:
        code = re.findall(r"<code[^>]*>\s*([A-Z0-9]+)\s*</code>", answer.read().decode())
    _, token = call("POST", f"http://{REMOTE}/oauth/token", form={
        "grant_type": "authorization_code", "code": code[0], "client_id": app["client_id"],
        "client_secret": app["client_secret"], "redirect_uri": oob, "scope": "read write follow"})
    return token["access_token"]


def search(query, kind):
    found = gts("GET", "/v2/search?" + urllib.parse.urlencode({"q": query, "resolve": "true", "type": kind}))[1]
    return found.get(kind) or None


def note_of(uri):
    """A post as GoToSocial knows it."""
    found = search(uri, "statuses")
    return found and found[0]


def home():
    return gts("GET", "/v1/timelines/home?limit=40")[1]


def as_shown(status):
    return status.get("reblog") or status


def trial():
    # Sofia, on GoToSocial, follows the room.
    room, took = until("the room by its handle", lambda: search(f"@trial@{CIVIL}", "accounts"))
    room = room[0]
    say("1", f"Sofia searches for `@trial@{CIVIL}`", f"the room is found as an account: “{room['display_name']}”", took)
    gts("POST", f"/v1/accounts/{room['id']}/follow")
    _, took = until("the follow is accepted", lambda: gts(
        "GET", f"/v1/accounts/relationships?id[]={room['id']}")[1][0]["following"])
    say("2", "Sofia follows the room", "the follow is accepted", took)

    # Amina publishes; Sofia sees it at home.
    _, opinion = civil("POST", "/topics/trial/opinions", {
        "name": "Everybody is heard", "abstract": "Who is asked should be told what became of it.",
        "source": "## Why\n\nNothing was collected.\n\nNothing was reported.", "language": "en", "status": "open"})
    key, uri = opinion["key"], opinion["id"]
    def at_home():
        return next((s for s in map(as_shown, home()) if s["uri"] == uri), None)
    status, took = until("the opinion at home", at_home)
    say("3", "Amina publishes an opinion", f"it is in Sofia's home timeline: “{plain(status['content'])[:90]}…”", took)
    say("4", "How it is shown there", f"content warning “{status['spoiler_text']}”, link {status['url']}")

    # A comment.
    def reply(text, to):
        code, made = gts("POST", "/v1/statuses", {"status": text, "in_reply_to_id": to, "visibility": "public",
                                                  "content_type": "text/plain"})
        if code != 200:
            raise SystemExit(f"GoToSocial refused a post: {code} {made}")
        return made
    mentioning = f"@amina@{CIVIL} "
    first = reply(mentioning + "Paragraph two needs a date.", status["id"])
    def comments():
        return civil("GET", f"/opinions/{key}/comments")[1]["items"]
    def comment_of(post):
        return next((c for c in comments() if c["id"] == post["uri"]), None)
    comment, took = until("the reply as a comment", lambda: comment_of(first))
    say("5", "Sofia replies", f"a comment on the opinion: “{plain(comment['content'])}”", took)

    # A position by keyword, and its public answer.
    second = reply(mentioning + "support: we were asked, and heard nothing.", status["id"])
    def position():
        rows = civil("GET", f"/opinions/{key}/positions")[1]["items"]
        return next((p for p in rows if p.get("id") == second["uri"] or "sofia" in json.dumps(p)), None)
    taken, took = until("the position", position)
    say("6", "Sofia replies `support: …`", f"a position of the kind `{taken['kind']}` on revision {taken['revision']}", took)
    def receipt():
        for one in gts("GET", "/v1/notifications?limit=40")[1]:
            note = one.get("status")
            if note and note.get("in_reply_to_id") == second["id"]:
                return note
        return None
    answer, took = until("the public answer", receipt)
    say("7", "The room answers in public", f"Sofia is notified: “{plain(answer['content'])}”", took)

    # Edit.
    gts("PUT", f"/v1/statuses/{first['id']}", {"status": mentioning + "Paragraph two needs a date and a name."})
    edited, took = until("the edit", lambda: (c := comment_of(first)) and "and a name" in c["content"] and c)
    say("8", "Sofia edits her reply", f"the comment changes: “{plain(edited['content'])}”", took)

    # Favourite and boost.
    gts("POST", f"/v1/statuses/{status['id']}/favourite")
    def liked():
        likes = call("GET", uri, headers={"accept": AS})[1].get("likes")
        likes = likes if isinstance(likes, dict) else call("GET", likes, headers={"accept": AS})[1]
        return likes.get("totalItems")
    count, took = until("the favourite", liked)
    say("9", "Sofia favourites the opinion", f"`likes` counts {count}; her position is not among them", took)
    gts("POST", f"/v1/statuses/{status['id']}/reblog")

    # The other way: Amina answers, edits, deletes.
    _, made = civil("POST", f"/opinions/{key}/comments", {
        "content": "The date is in the next revision.", "kind": "suggestion", "inReplyTo": first["uri"]})
    note, took = until("Sofia is told of Amina's answer", lambda: next(
        (n["status"] for n in gts("GET", "/v1/notifications?limit=40")[1]
         if (n.get("status") or {}).get("uri") == made["id"]), None))
    say("10", "Amina answers Sofia's comment", f"Sofia is notified of “{plain(note['content'])}”", took)
    _, revised = civil("POST", f"/opinions/{key}/revisions", {
        "source": "## Why\n\nNothing was collected in 2014.\n\nNothing was reported by anybody.",
        "changeNote": "A date, and a name."})
    def revised_there():
        now = gts("GET", f"/v1/statuses/{status['id']}")[1]
        return now if now.get("edited_at") or "2014" in now["content"] or "evision 2" in now["content"] else None
    now, took = until("the revision as an edit", revised_there)
    say("11", "Amina publishes revision 2", f"the post is shown as edited ({now.get('edited_at')}), {now['spoiler_text'] or 'no warning'}", took)
    civil("DELETE", f"/comments/{made['key']}")
    _, took = until("the delete", lambda: gts("GET", f"/v1/statuses/{note['id']}")[0] == 404)
    say("12", "Amina deletes her answer", "it is gone on GoToSocial (404)", took)

    # Withdraw by keyword, delete, unfollow.
    third = reply(mentioning + "withdraw", answer["id"])
    def withdrawn():
        rows = civil("GET", f"/opinions/{key}/positions")[1]["items"]
        return [p for p in rows if p["kind"] == "withdrawn" or p.get("live") is False] or not [
            p for p in rows if "sofia" in json.dumps(p) and p.get("live", True)]
    _, took = until("the withdrawal", withdrawn)
    say("13", "Sofia answers the receipt with `withdraw`", "her position does not stand any more", took)
    gts("DELETE", f"/v1/statuses/{first['id']}")
    _, took = until("the comment is gone", lambda: (c := comment_of(first)) is None or c.get("deleted"))
    say("14", "Sofia deletes her reply", "the comment's words are gone here", took)
    def followers():
        found = call("GET", f"http://{CIVIL}/t/trial", headers={"accept": AS})[1]["followers"]
        return call("GET", found, headers={"accept": AS})[1].get("totalItems")
    before = followers()
    gts("POST", f"/v1/accounts/{room['id']}/unfollow")
    _, took = until("the unfollow", lambda: followers() == before - 1)
    say("15", "Sofia unfollows the room", f"followers of the room: {before}, then {before - 1}", took)
    # Amina, with a client of the Mastodon API, follows Sofia.
    def here(method, path, form=None):
        return call(method, f"http://{CIVIL}/api{path}", token=tokens["amina"], form=form)
    query = urllib.parse.urlencode({"q": f"@sofia@{REMOTE}", "resolve": "true", "type": "accounts"})
    sofia, took = until("Sofia by her handle", lambda: here("GET", f"/v2/search?{query}")[1]["accounts"])
    here("POST", f"/v1/accounts/{sofia[0]['id']}/follow")
    def asked():
        gts_asks = gts("GET", "/v1/follow_requests")[1]
        for one in gts_asks:
            gts("POST", f"/v1/follow_requests/{one['id']}/authorize")
        relationship = here("GET", f"/v1/accounts/relationships?id[]={sofia[0]['id']}")[1][0]
        return relationship["following"]
    _, took = until("Amina's follow is accepted", asked)
    say("16", "Amina follows Sofia, from a client here", "Sofia accepts, and the follow stands", took)
    here("POST", f"/v1/accounts/{sofia[0]['id']}/unfollow")
    def left():
        me = gts("GET", "/v1/accounts/verify_credentials")[1]["id"]
        return not gts("GET", f"/v1/accounts/{me}/followers")[1]
    _, took = until("Amina's unfollow", left)
    say("17", "Amina unfollows Sofia", "Sofia has no followers", took)
    _, log = call("GET", f"http://{CIVIL}/t/trial/log?after=0&limit=200")
    items = log.get("items") or log.get("orderedItems") or []
    say("18", "The room's log", f"{len(items)} entries")


servers = []
tokens = {}
try:
    server, tokens["amina"] = start_civil()
    servers.append(server)
    servers.append(start_gts())
    tokens["sofia"] = sign_in_gts()
    version = call("GET", f"http://{REMOTE}/api/v1/instance")[1]["version"]
    print(f"gotosocial {version}", file=sys.stderr)
    trial()
    print(f"| Step | Done | Seen |\n| --- | --- | --- |")
    for number, did, saw in steps:
        print(f"| {number} | {did} | {saw} |")
finally:
    for server in servers:
        server.terminate()
    for server in servers:
        server.wait(timeout=30)
    print(f"logs in {work}", file=sys.stderr)
