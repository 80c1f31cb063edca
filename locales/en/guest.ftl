### Signing in with the account of one's own server.

own-server-title = With the account of your own server
own-server-lead = Mastodon and others that work with its apps. You take part as a guest: you can comment, and take and withdraw positions, for yourself.
own-server-address = Your address
own-server-address-hint = Such as @ana@social.example, or the name of your server alone.
own-server-find = Find my server
own-server-go-title = On to your own server
own-server-go-lead = { $host } will ask whether you agree. Make sure that it is your server.
own-server-go = Go to { $host }
own-server-go-what = It will be asked who you are, and for nothing else. Then it leads you back here.
own-server-kept = What it lets us see is thrown away at once: no password, no key to your account and no message of yours is kept here.

stated-at = stated at { $host }, signed in as @{ $handle }
stated-short = stated at { $host }
stated-note = What you say is recorded as the word of { $host }: “stated at { $host }, signed in as @{ $handle }”. That is weaker than a signature by your own server, and shown as such. You speak for yourself alone: nobody speaks for an organisation so.

guest-title = You are a guest here
guest-lead = You signed in as @{ $handle }, with the account of your own server. It ends by itself after three days.
guest-page = What is held in your name
guest-held = What is held in your name
guest-held-what = What you said here as a guest and still stands. You can also withdraw a position from your own server, by answering with the word “withdraw”.
guest-held-none = Nothing yet.
guest-take-back = Take it back

fault-home-off = Nobody can sign in here with the account of another server.
fault-home-address = This is no address of a person or a server that can be reached, such as @ana@social.example.
fault-home-here = Your account is on this instance: sign in with its password.
fault-home-not-let-in = This instance lets nobody of that server sign in.
fault-home-silent = Your server does not answer. Try again in a while.
fault-home-nobody = That server knows nobody of this name.
fault-home-no-sign-in = That server offers no way to sign in elsewhere that is understood here. You can take part from it: search there for the address of what you read, and reply.
fault-home-impostor = The answer names another server than the one you set out for. Nothing was done.
fault-home-over = This sign-in is over: it was used, or took too long. Begin again.
fault-home-other-browser = This sign-in began in another browser. Nothing was done. Begin again here.
fault-home-declined = You did not agree at your server, so nothing was done.
fault-home-not-theirs = Your server did not say who of its own people you are. Nothing was done.
fault-home-no-person = Only people sign in so; this account says that it is none.
