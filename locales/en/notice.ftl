### Notices to whoever is signed in.

nav-notices = { $unread ->
    [0] Notices
   *[other] Notices ({ $unread } unread)
  }
notices-title = Notices
notices-what = What happened to texts you hold a position on, to texts of yours, and to your comments. Nothing you said moves by itself: as long as you say nothing, your position stays with the text it was taken on.
notices-none = Nothing yet. You are told here when a text you hold a position on is revised, and when somebody answers you.
notices-read = Mark all as read
notice-unread = new
notice-revised = published another revision of
notice-commented = commented on
notice-objected = objected to
notice-disposed = said what became of your comment on
notice-gone = Its author deleted it since.
notice-yours = Your position on revision { $number }:
notice-for = taken for { $name }
notice-changed = What changed from revision { $from } to revision { $to }
notice-whole = The whole comparison
notice-more-changes = More paragraphs changed: see the whole comparison.
notice-long = This text is long: see the whole comparison.
notice-keep = Keep it, on revision { $number }
notice-change = Change it
notice-withdraw = Withdraw it
notice-act-hint = Each of the three is a new signed act in the record. If you do nothing, your position stays as it is.
notice-moved = Answered: your position is on this revision or a later one.
notice-withdrawn = Answered: the position does not stand any more.
notice-overtaken = A newer revision was published since. Its own notice asks you.
