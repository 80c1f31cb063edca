### La page d’un sujet.

held-jointly-by = Tenu conjointement par
facilitators = Facilitation :
question = La question
not-heard-yet = Pas encore entendus
not-heard-what = Personne ne s’est exprimé depuis ces groupes. Si vous connaissez quelqu’un qui le pourrait, envoyez-lui l’adresse de cette page.
all-heard = Chaque groupe a été entendu.
opinions-none = Aucun avis pour l’instant. Écrivez le premier.
dates = Dates
date-created = ouverture
date-opens = contributions à partir du
date-closes = clôture
date-report = rapport
topic-side = Dates et participation
write-opinion = Écrire un avis
follow-from-yours = Depuis votre propre serveur : cherchez-y cet identifiant et suivez-le.
follow-what = Les nouveaux avis, commentaires et positions vous parviennent alors, et vous répondez de là où vous êtes.
filter-own-parties = Les parties propres à ce sujet
parties-what = Rubriques sous lesquelles on peut voir les positions sur chaque avis. Chacun déclare l’un des huit groupes.
