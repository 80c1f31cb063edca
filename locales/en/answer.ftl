# What a room answers in public to a reply by keyword. Fixed sentences: nothing of the reply stands in them.
answer-support = Recorded: you support revision { $revision } of this opinion.
answer-reservation = Recorded: you support revision { $revision } of this opinion with a reservation, in the words of your reply.
answer-neutral = Recorded: you take no side on revision { $revision } of this opinion.
answer-concern = Recorded: you have a concern about revision { $revision } of this opinion, in the words of your reply.
answer-objection = Recorded: you object to revision { $revision } of this opinion, in the words of your reply.
answer-withdrawn = Recorded: you withdraw your position on this opinion. Nothing earlier comes back.
answer-newer = There is a newer revision, { $revision }. To take a position on it, read it and write a new reply.
answer-needs-words = Not recorded as a position: “{ $word }” needs your reason. Write a new reply that begins with “{ $word }:” and then says why. This one is kept as a comment.
answer-too-long = Not recorded as a position: the reason may have { $max } characters at most. Write a new reply. This one is kept as a comment.
answer-edited = An edited reply changes nothing that is recorded. To change your position, write a new reply.
answer-claim = You say for whom you speak. That is shown as your words, not confirmed; the position is recorded as your own.
answer-receipt = Receipt:
answer-undo = To undo this, write a new reply “{ $word }”, or delete yours.
answer-held-back = Earlier replies of yours were recorded without an answer. Their receipts stand here:
answer-record = Your reply is kept in the public record of this topic, with your server’s signature, here and on linked servers.
