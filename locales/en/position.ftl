### Positions by group: table, reasons, figure.

filter-any-revision = every revision, earlier ones marked
filter-only = revision { $number } only
filter-lens = Groups as in
filter-own-groups = this record
filter-show = Show
filter-csv = As a table (CSV)
positions-none-so = No position that this choice takes in.
positions-caption-only = Positions on revision { $number }, and on no other.
other-names = The other names
reasons-more = More reasons
claims = Not confirmed
claims-what = These say that they speak for somebody who has not confirmed it. They stand for nobody else, and not in the table.
unknown-text = On a text that is not known here
unknown-text-what = These name a text that this instance does not hold. They find their place when it comes.
figure-title = The table as a figure
figure-what = Rows: groups, as in the table. Filled: at least one named party holds it on the current revision. Hatched: only on an earlier one. Empty: none heard.
square-empty = none heard
square-older = held on an earlier revision only
square-held = held
glance = Positions at a glance
glance-what = A row for each group, in alphabetical order. A filled square: at least one named party of the group holds this position. A hatched square: only on an earlier revision. The squares say nothing about how many.
