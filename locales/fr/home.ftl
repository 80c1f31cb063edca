### L’accueil et la liste des sujets.

home-title = Écrire ensemble, répondre en public, ne rien perdre
home-lead = { $instance } est un lieu où l’on rédige des avis en public et où l’on y répond. Chacun peut participer.
home-mirrors = Ce qui est dit ici est aussi conservé par
home-mirrors-who = { $count ->
    [one] une autre instance, tenue par un autre groupe
   *[other] { $count } autres instances, tenues par d’autres groupes
  }
home-mirrors-why = {" "}: aucun organisme ne maîtrise seul les actes, pas même celui-ci.
home-alone = Aucune autre instance ne conserve encore ce qui est dit ici : reliez-en une, pour qu’aucun organisme ne maîtrise seul les actes.
home-side = Participer, et à propos de cette instance
closing-soon = Bientôt clos
topics-none = Aucun sujet pour l’instant. Qui tient cette instance peut en créer un, ou rejoindre un sujet tenu ailleurs.
topics-order = Ordre : dernière contribution d’abord
topics-all = Tous les sujets, avec leurs questions
more = Suite
held-by = Conservé par
who-runs = Qui tient cette instance
who-runs-what = Cet organisme répond de ce qui figure sur cette instance. Les actes eux-mêmes sont conservés par toutes les instances participantes.
groups = Les groupes
groups-what = Chacun dit lui-même de quel groupe il parle. Cela ne décide de rien, sauf de l’ordre d’affichage, qui alterne.
take-part = Participer
take-part-read = Lisez tout, sans compte.
take-part-reply = Suivez un sujet ou répondez à un avis depuis votre propre serveur du fédivers.
take-part-here = Ou connectez-vous à un compte ici : la file est la même pour tous.
take-part-receipt = Chaque acte vous vaut un récépissé.
