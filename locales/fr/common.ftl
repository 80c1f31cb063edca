### Le cadre de chaque page et les mots communs.

skip = Aller au texte
language = Langue
nav-main = Navigation principale
nav-home = Accueil
nav-topics = Sujets
nav-topic = Sujet
nav-mesh = Maillage
nav-text = Texte
nav-positions = Positions
nav-overview = Vue d’ensemble
nav-log = Journal
opinion = Avis
opinions = Avis
run-by = tenu par { $name }
speak-as = S’exprimer en tant que : { $name }
speak-as-nobody = S’exprimer en tant que : non connecté
speak-how = Lire ne demande aucun compte. Pour s’exprimer, au choix :
speak-here = Un compte ici
speak-elsewhere = Le compte de votre propre serveur (Mastodon et autres) : suivez ou répondez depuis là, comme l’indique la page de chaque sujet et de chaque avis.
sign-out = Se déconnecter
settings = Réglages
record-statement = Ce qui est dit ici est signé par qui l’a dit et conservé par chaque instance participante : aucun organisme ne maîtrise seul les actes, pas même celui-ci.
footer-run-by = { $instance } est tenu par { $body }.
contact = Contact :
software = Polylogue { $version }, logiciel libre sous AGPL.
source = Code source
no-scripts = Cette page se passe de scripts et ne charge rien d’ailleurs.
on-this-page = Sur cette page :
comma = { ", " }
semicolon = { " ; " }
colon = { " : " }
state = État
here = Ici
date = { $day } { $month } { $year }
moment = { $date }, { $time } UTC
month-01 = janvier
month-02 = février
month-03 = mars
month-04 = avril
month-05 = mai
month-06 = juin
month-07 = juillet
month-08 = août
month-09 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre

voice-for = pour { $name }
voice-for-unconfirmed = dit parler pour { $name }, non confirmé
voice-personal = à titre personnel
from-host = depuis { $host }
by = Par

deed-opened = a ouvert le sujet
deed-published = a publié l’avis
deed-revised = a publié une nouvelle révision de
deed-commented = a commenté
deed-position = a pris position sur
deed-withdrew = a retiré sa position sur
deed-deleted = a supprimé une de ses contributions dans
deed-joined = a rejoint le sujet
deed-other = est intervenu sur
log-entry = écriture
log-latest = Dernières écritures du journal
log-whole = Tout le journal
log-none = Le journal est vide : personne n’a encore rien fait.

topic-open = ouvert, sans date de clôture
topic-closed = clos le { $date }
topic-fetching = connu d’ailleurs, en cours de récupération
days-left = { $days ->
    [0] clôture aujourd’hui
    [1] plus qu’un jour
    [one] plus que { $days } jour
   *[other] plus que { $days } jours
  }
revision-n = révision { $number }
paragraphs = { $count ->
    [one] { $count } paragraphe
   *[other] { $count } paragraphes
  }
order = Ordre :
order-alternating = en alternance entre les groupes
order-start = départ aujourd’hui :

complete = Complet.
complete-what = Toutes les contributions connues du maillage sont ici.
missing = { $missing ->
    [one] Une contribution manque.
   *[other] { $missing } contributions manquent.
  }
missing-what = { $here } des { $known } contributions connues du maillage sont ici.
missing-from = Les autres sont en cours de récupération depuis { $hosts }.
checked = Dernier contrôle complet : { $moment }.
not-compared = pas encore comparé
