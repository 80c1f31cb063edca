### The terms of a topic.

terms = Terms
terms-what = What the texts of this topic say that their words mean, side by side. Nobody has decided between them.
terms-none = No term is defined yet.
terms-how = A text defines a term by beginning a paragraph with it in bold and a colon, or by a heading for each term below a heading “Definitions”.
