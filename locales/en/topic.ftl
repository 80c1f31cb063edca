### The page of a topic.

held-jointly-by = Held jointly by
facilitators = Facilitators:
question = The question
not-heard-yet = Not heard yet
not-heard-what = Nobody has spoken from these groups so far. If you know somebody who could, send them this page’s address.
all-heard = Somebody has spoken from every group.
opinions-none = No opinion yet. Be the first to write one.
dates = Dates
date-created = opened
date-opens = contributions from
date-closes = closes
date-report = report
topic-side = Dates, and how to take part
write-opinion = Write an opinion
follow-from-yours = From your own server: search for this handle there and follow it.
follow-what = New opinions, comments and positions then come to you, and you can reply from where you are.
