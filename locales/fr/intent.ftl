### D’un serveur à l’autre et retour.

interact-reply = Commenter depuis votre propre serveur
interact-follow = Suivre depuis votre propre serveur
interact-link = Commenter depuis votre propre serveur
interact-link-answer = Répondre depuis votre propre serveur
interact-link-follow = Suivre depuis votre propre serveur
