### What became of a post from elsewhere.

arrivals = What became of a post
arrivals-what = Nothing that another server delivers is thrown away unseen. Here you see whether a post was taken, waits or was refused, and why.
arrivals-address = Address of the post
arrivals-address-help = As your own server shows it, such as https://social.example/users/ada/statuses/1
arrivals-look = Look
arrivals-none = Nothing about this address was delivered here. Some servers deliver late: look again in an hour.
arrivals-came = Came
arrivals-fate = What became of it
arrival-now = It is being worked out now.
arrival-waiting = It waits for something from another server, and is tried again.
arrival-held = It is held, and will be worked out. Nothing of it is lost.
arrival-done = It was worked out.
arrival-refused = It was refused.
arrival-until = Not later than
arrival-why = Why
