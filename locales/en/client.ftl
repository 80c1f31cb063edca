# What programs for the fediverse show around an opinion.
client-opinion-head = Revision { $revision } · { $topic }
client-opinion-address = Positions, comments and the record:
