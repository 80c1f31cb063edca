### Participants and the mesh.

person = Person
organisation = Organisation
known-since = known here since
own-page = page on their own server
contributions = Contributions
participant-no-opinions = No opinion so far.
participant-side = About this participant
proof = How do we know?
proof-declared = Name and group are what the participant says. What they publish is signed with a key that belongs to this address, so nobody else can have written it.

mesh-title = Who holds the record
mesh-what = Every instance here holds the whole record of what it takes part in, and can show it without the others.
mesh-alone = This instance stands alone. Link another one, run by another group, so that the record does not depend on this one.
mesh-order = Order: this instance first, then by name
mesh-gone = If an instance goes away
mesh-gone-what = What it held is held by the others. What its people signed stays theirs and stays verifiable.
instance = Instance
run-by-column = Run by
holds = Holds
holds-of = { $here } of { $known }
last-exchange = Last exchange
software-column = Software
unknown = not known
never = not yet
room-here = this instance
room-agrees = linked; both hold the same
room-differs = { $entries ->
    [one] linked; differs in one entry
   *[other] linked; differs in { $entries } entries
  }
room-linked = linked; not compared yet
room-waiting = asked for a link, no answer yet
room-not-linked = named by another instance; not linked
room-unreachable = no answer since { $moment }; what we have for it waits
