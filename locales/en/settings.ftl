### One's own settings, and how it is known who one is.

settings-lead = What others see of you. A change holds from now on: what you signed before keeps the name of the group and region you signed it under.
settings-saved = Saved. Your followers are told.
settings-save = Save
settings-side = About these fields
display-name-field = Name
profile-field = About you
profile-hint = Markdown. It stands on your page.
group-field = Group
group-hint = You say so yourself. It decides where your name stands, and nothing else.
region-field = Region
region-hint = As the United Nations group states. You need not say.
email-field = E-mail
email-hint = For letters from this instance. Never shown to others.
settings-group-what = Whatever you choose, you may do the same, at the same limits, in the same order.
settings-proof = How others know who you are
settings-proof-link = Show more than your word for it

proof-title = How others know who you are
proof-lead = Nobody needs a proof to take part. It only shows readers how much stands behind a name.
proof-now = At the moment
proof-nothing = Your own word, and nobody else’s yet.
proof-at = at { $domain }
proof-by = according to
proof-since = since
proof-until = until
proof-statement = signed statement
proof-take-back = Take it back
proof-mail = By mail
proof-mail-what = If you read mail at the domain of your organisation, this instance can say so. It keeps the domain, never the address.
proof-mail-none = This instance sends no mail, so this way is closed. Whoever runs it can open it.
proof-address-field = Your address there
proof-address-hint = You get one letter with one link. The link works for { $hours } hours, once. At most { $count } letters in an hour.
proof-mail-send = Send me the link
proof-mail-sent = A letter is on its way to your address at { $domain }. Open its link in this browser.
proof-web = By a web site
proof-web-what = If you can write to your organisation’s web site, let it name your account. Either put this file at { $place }:
proof-web-link = Or link from the front page of the site to your page here, with rel="me":
proof-domain-field = Domain of the site
proof-domain-hint = Such as ministry.example. It is looked at now and then once a day; when it has not named you for { $days } days, the proof ends.
proof-web-check = Look there
proof-web-again = Look again
proof-web-remove = Remove
proof-web-found = found on
proof-web-failing = not found since
proof-web-never = not looked at yet
proof-vouched = By an organisation
proof-vouched-what = An organisation with an account can vouch for you with its key, on your page here.
proof-confirm-title = Confirm that you read mail there
proof-confirm-what = You followed the link that was sent to an address at { $domain }. This instance will say, under its signature, that you read mail at this domain.
proof-confirm = Confirm
proof-confirm-gone = This link does not work
proof-confirm-gone-what = It was used already, it is older than { $hours } hours, or it was sent to another account. Ask for a new one.

letter-confirm-subject = { $instance }: confirm your address
letter-confirm-text = The account { $handle } says that you read mail at { $domain }. To confirm it, sign in as { $handle }, open this link and press the button there:
letter-confirm-not-you = If this is not your account, do nothing: nothing will be said about you.

vouch-title = Vouch for somebody
vouch-what = Your organisation says, under its key, that it knows this person as one of its own. Everybody sees who says so.
vouch-for = Vouch for { $name }
vouch-hint = Somebody with an account here, or who takes part in a topic here: name@host.
vouch = Vouch

password-title = Change your password
password-old = The password so far
password-new = A new password
password-new-hint = At least { $count } characters. Several words are good.
password-ends = What ends with the old password
password-ends-hint = If somebody may have known it, end both.
password-ends-sessions = Every other browser that is signed in
password-ends-programs = Every program that was let in
password-change = Change it
password-changed = Your password is changed.
