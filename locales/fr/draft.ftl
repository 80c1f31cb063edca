### Brouillons.

drafts = Brouillons
draft-together = Rédiger ensemble
