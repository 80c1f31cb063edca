### Comments: where their passages are, what became of them, their versions, their lists, the ledger.

nav-comments = Comments
nav-ledger = Objections and questions

passage-exact = On §{ $number }.
passage-moved = On §{ $number }; the passage has moved since.
passage-changed = On §{ $number }; its words were changed since. They were:
passage-removed = On a passage that is no longer in the text. It was:
passage-whole = On the text as a whole.
passage-missing = Says that something is missing after §{ $number }.
passage-missing-whole = Says that something is missing in the text.
passage-named-in = revision { $number }
also-here = Also on this paragraph:
missing-after = Something is missing after §{ $number }
all-on-paragraph = All comments on §{ $number }
all-comments = All comments on this text
comments-some = Some of the newest comments are opened under each paragraph.

outcome-accepted = Accepted
outcome-partly = Accepted in part
outcome-not-accepted = Not accepted
outcome-out-of-scope = Out of scope here
outcome-addressed-not-accommodated = Addressed, not accommodated
fate-in-revision = in revision { $number }
fate-venue = Where it belongs: { $venue }
fate-by = said by
fate-not-counted = Said by somebody who is neither an author of this text nor a facilitator of the topic; it does not count.
fate-older-version = Said of an earlier version of the comment.
fate-write = Say what became of it
fate-write-title = What became of it
fate-lead = Your answer is signed, shown under what it answers, and listed in the topic’s ledger. A later answer takes its place; the record keeps both.
fate-of = In answer to { $name }:
fate-outcome = What became of it
fate-outcome-hint = Accepted and accepted in part name the revision that did it.
fate-reason = Your reason
fate-reason-hint = Needed. It is what the record will say.
fate-revision = Revision
fate-revision-hint = The revision in which the text was changed.
fate-revision-none = none
fate-venue-field = Where it belongs
fate-venue-hint = For what is out of scope: the body, topic or text that could take it up. May stay empty.
fate-publish = Sign and publish

edit-comment = Write it anew
edit-title = Write your comment anew
edit-lead = What you wrote before stays public, and answers given to it name the version they were given to.
edit-publish = Sign and publish
edited = written anew
versions-see = all versions
versions-title = Every version of a comment
versions-lead = Nothing that was published is lost by writing it anew. Newest first.
version-number = Version { $number }
version-current = shown now
version-entry = entry in the log
versions-by = By

passages-field = Passages
passages-hint = Choose as many paragraphs as it is about, or none for the text as a whole. Your comment moves with them through later revisions.
passages-list = The paragraphs of this text
quote-field = Quoted words
quote-hint = Word for word from one of the chosen paragraphs; may stay empty.
missing-field = Something is missing
missing-hint = Where the text says too little: choose the place, and say below what is missing.
missing-nothing = nothing
missing-whole = in the text as a whole
comment-hint-clean = Characters that nobody sees, or that turn the direction of what follows, are left out.

comments-title = Comments
comments-of-paragraph = Comments on §{ $number }
comments-none-here = No comment here yet.
list-order = Order
order-fair = alternating between groups
order-newest = newest first
order-document = as in the text
order-unanswered = unanswered first
list-kind = Kind
list-kind-all = all kinds
list-unanswered = only what waits for an answer
list-state = State
list-state-all = all
list-show = Show
list-next = Next page
answers-comment = In answer to another comment.
see-in-place = See it in its place
say-missing = Say what is missing

ledger-title = Objections, concerns and questions
ledger-lead = Every objection, concern and question raised on a text of this topic, with what became of it. Authors of the text and facilitators of the topic say so, with a reason.
ledger-none = Nothing is listed here.
ledger-open = open
ledger-accommodated = accommodated
ledger-addressed = addressed, not accommodated
ledger-withdrawn = taken back
ledger-days = { $count ->
    [0] since today
    [one] for one day
   *[other] for { $count } days
  }
ledger-answered-after = { $count ->
    [0] answered the same day
    [one] answered after one day
   *[other] answered after { $count } days
  }
ledger-deleted = Its author deleted the words. The log keeps that it was raised.
ledger-on = On
deed-disposed = said what became of a comment on
deed-edited = wrote a comment anew on
