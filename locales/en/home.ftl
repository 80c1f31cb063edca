### The home page and the list of topics.

home-title = Write it down together, answer in public, lose nothing
home-lead = { $instance } is a place to draft opinions in public and to answer them. Anybody may take part.
home-mirrors = What is said here is also held by
home-mirrors-who = { $count ->
    [one] another instance, run by another group
   *[other] { $count } other instances, run by other groups
  }
home-mirrors-why = , so that no single body controls the record, this one included.
home-alone = No other instance holds what is said here yet: link another one, so that no single body controls the record.
home-side = Take part, and about this instance
closing-soon = Closing soon
topics-none = No topic yet. Whoever runs this instance can create one, or join a topic that is held elsewhere.
topics-order = Order: newest contribution first
topics-all = All topics, with their questions
more = More
held-by = Held by
who-runs = Who runs this
who-runs-what = It answers for what stands on this instance. The record itself is held by all instances that take part.
groups = The groups
groups-what = People say for themselves which group they speak from. It decides nothing but the order of display, which alternates.
take-part = Take part
take-part-read = Read anything, without an account.
take-part-reply = Follow a topic or reply to an opinion from your own fediverse server.
take-part-here = Or sign in to an account here; it is the same queue for everyone.
take-part-receipt = You get a receipt for every act.
