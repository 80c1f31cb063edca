### What other servers sent that is in no record.

private-title = Private replies
private-what = Replies from other servers that are only for you. They are in no record, and nobody else here sees them. An answer written here is public.
private-none = Nobody has written to you alone.
reports-title = Reports
reports-what = What people here and other servers report of texts and people. Only moderators of this server see them; they are passed on to nobody.
nav-reports = Reports ({ $open })
reports-none = No reports.
report-open = open
report-closed = done
report-spam = unwanted advertisement
report-legal = against the law
report-violation = against the rules
report-wordless = Nothing was said with it.
report-about = It is about:
report-close = Done with it
quotes = Quoted elsewhere
quotes-what = Posts on other servers that quote this text. They are commentary, and no part of the record.
