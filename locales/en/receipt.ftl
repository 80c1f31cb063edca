### Receipts.

receipt-page = See the receipt and how to check it
receipts-own = My receipts
receipts-own-what = What you did here, newest first, and the receipt for each. Keep those that matter to you: with one anybody can check that nothing was dropped or altered, also without this instance.
receipts-own-none = You have done nothing yet that is kept in the record.
receipt-entry = What was recorded
receipt-by-proof = Its author’s own key signed it.
receipt-by-evidence = Its author’s server delivered it under its signature, which is kept with it.
receipt-words-gone = Its author deleted its words since. The record keeps that it was said and when.
receipt-signed = What the room signed
receipt-none = No receipt is held for it yet.
receipt-key = Key
receipt-signature = Signature
receipt-statement = the signed statement
receipt-check = How to check it
receipt-check-what = Keep the file. It holds the receipt, the entry and the keys. Anybody can check it without a network:
receipt-check-log = With a page of the log from another instance that holds the topic, it also shows that the entry was handed on.
newest-first-page = The newest
earlier-ones = Earlier ones
