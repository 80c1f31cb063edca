# What programs for the fediverse show around an opinion.
client-opinion-head = Revision { $revision } · { $topic }
client-opinion-address = Positions, comments and the record:
client-push-mention = { $name } answered you
client-push-revision = { $name } revised a text on which you hold a position
client-push-favourite = { $name } favourited your post
client-push-boost = { $name } boosted your post
client-push-follow = { $name } follows you
