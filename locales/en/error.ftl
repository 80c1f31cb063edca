### What went wrong.

error-status = Error { $status }
error-what = What happened
error-lost = Was anything lost?
error-next = What to do next
loss-nothing-sent = No. You sent nothing that could be lost.
loss-not-recorded = Nothing was recorded. Go back in your browser: what you typed is still in the form.
loss-unknown = It may have been recorded. Look at the log of the topic before you send it again.
retry-after = { $seconds ->
    [one] Try again in { $seconds } second.
   *[other] Try again in { $seconds } seconds.
  }
tombstone = What is left of it:
incident = Tell whoever runs this instance the number

error-403-title = You may not do this
error-403-what = This needs somebody who is signed in and allowed to do it.
error-403-next = Sign in, or ask whoever runs this instance.
error-404-title = There is nothing here
error-404-what = Nothing held by this instance has this address. It may be mistyped, or held elsewhere.
error-404-next = Look for it in the list of topics.
error-410-title = This was deleted
error-410-what = Its author deleted it. The record keeps that it was here, not what it said.
error-410-next = Nothing. It does not come back.
error-422-title = This could not be taken
error-422-what = Something in what you sent is not as it must be.
error-422-next = Go back, mend it and send it again.
error-429-title = Too much at once
error-429-what = More requests came from you, or from where you are, than this instance answers at once.
error-429-next = Wait a little.
error-500-title = This instance made a mistake
error-500-what = Something failed here. It is not your fault.
error-500-next = Try again. If it fails again, tell whoever runs this instance.
error-503-title = Reading works, writing does not
error-503-what = This instance takes nothing in at the moment, since it is being looked after. Everything can still be read.
error-503-next = Try again later.
