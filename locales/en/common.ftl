### The frame of every page, and words that several pages share.

skip = Skip to the text
language = Language
nav-main = Main
nav-home = Home
nav-topics = Topics
nav-topic = Topic
nav-mesh = Mesh
nav-text = Text
nav-positions = Positions
nav-overview = Overview
nav-log = Log
opinion = Opinion
opinions = Opinions
run-by = run by { $name }
speak-as = Speak as: { $name }
speak-as-nobody = Speak as: not signed in
speak-how = Reading needs no account. To speak, choose one:
speak-here = An account here
speak-elsewhere = Your own server’s account (Mastodon and others): sign in with it here, or follow or reply from there, as the page of each topic and opinion says.
sign-out = Sign out
settings = Settings
development-public = This server runs in development mode and can be reached from elsewhere: nothing here is safe. Whoever runs it should take it off the network.
record-statement = What is said here is signed by whoever said it and held by every instance that takes part, so that no single body controls the record, this one included.
footer-run-by = { $instance } is run by { $body }.
contact = Contact:
software = Polylogue { $version }, free software under the AGPL.
source = Source
no-scripts = This page needs no scripts and loads nothing from elsewhere.
on-this-page = On this page:
comma = { ", " }
semicolon = { "; " }
colon = { ": " }
state = State
here = Here
date = { $day } { $month } { $year }
moment = { $date }, { $time } UTC
month-01 = January
month-02 = February
month-03 = March
month-04 = April
month-05 = May
month-06 = June
month-07 = July
month-08 = August
month-09 = September
month-10 = October
month-11 = November
month-12 = December

voice-for = for { $name }
voice-for-unconfirmed = says they speak for { $name }, not confirmed
voice-personal = in personal capacity
from-host = from { $host }
by = By

deed-opened = opened the topic
deed-published = published the opinion
deed-revised = published another revision of
deed-commented = commented on
deed-position = took a position on
deed-withdrew = withdrew a position on
deed-deleted = deleted something of their own in
deed-joined = joined the topic
deed-other = acted on
log-entry = entry
log-latest = Latest entries of the log
log-whole = The whole log
log-none = The log is empty: nobody has done anything yet.

topic-open = open, no closing date
topic-closed = closed on { $date }
topic-fetching = known from elsewhere, being fetched
days-left = { $days ->
    [0] closes today
    [one] { $days } day left
   *[other] { $days } days left
  }
revision-n = revision { $number }
paragraphs = { $count ->
    [one] { $count } paragraph
   *[other] { $count } paragraphs
  }
order = Order:
order-alternating = alternating between groups
order-start = today’s start:

complete = Complete.
complete-what = Every contribution known to the mesh is here.
missing = { $missing ->
    [one] One missing.
   *[other] { $missing } missing.
  }
missing-what = { $here } of { $known } contributions known to the mesh are here.
missing-from = The others are being fetched from { $hosts }.
checked = Last full check: { $moment }.
not-compared = not compared yet
