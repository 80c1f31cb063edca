### Who may act for an organisation.

delegates = Delegates
delegates-of = Delegates of { $name }
delegates-lead = These persons may act for the organisation. Whatever they do in its name shows who did it.
delegates-none = Nobody may act for the organisation but its own account.
delegates-how = What a delegation is
delegates-how-what = The organisation signs it with its own key, and the record of every topic where it is used holds it. When it is taken back, what was done before stands; what comes later is shown as not confirmed.
delegate-holds = Holds
delegate-ended = Taken back
delegate-over = Does not hold at the moment
delegate-until = until
delegate-ended-at = taken back on
delegate-end = Take it back
delegate-new = Let somebody act for the organisation
delegate-subject = Who
delegate-subject-hint = Handle of a person with an account here, such as amina.
delegate-scope = What they may do in the organisation’s name
delegate-scope-hint = At least one of these.
delegate-may-position = take and withdraw positions
delegate-may-co-author = agree to texts as co-author
delegate-may-comment = comment
delegate-until-field = Until the end of this day (UTC)
delegate-until-hint = Leave it empty to let it hold until it is taken back.
delegate-sign = Sign the delegation
