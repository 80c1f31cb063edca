### Avis et reçus, en tête de chaque page.

nav-notices = { $unread ->
    [0] Avis
   *[other] Avis ({ $unread } non lus)
  }
receipts-own = Mes reçus
nav-reports = Signalements ({ $open })
