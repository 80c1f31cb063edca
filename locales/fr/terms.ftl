### Termes.

terms = Termes
