### Les noms des vocabulaires fermés, complets dans les six langues de l’Organisation des Nations Unies.

group-academic-community = communauté universitaire
group-civil-society = société civile
group-governments = gouvernements
group-individual-users = utilisateurs individuels
group-international-organisations = organisations internationales
group-other = autres
group-private-sector = secteur privé
group-technical-community = communauté technique
group-none = groupe non déclaré

position-support = soutien
position-reservation = soutien avec réserve
position-neutral = neutre
position-concern = préoccupation
position-objection = objection

comment-remark = commentaire
comment-support = soutien
comment-concern = préoccupation
comment-question = question
comment-evidence = élément de preuve
comment-suggestion = suggestion
comment-objection = objection
comment-amendment = amendement
comment-separate-statement = déclaration séparée

status-draft = brouillon
status-open = ouvert aux positions
status-final = définitif
status-superseded = remplacé
status-withdrawn = retiré

capacity-individual = en mon nom
capacity-personalCapacity = à titre personnel
capacity-organization = au nom de l’organisation

region-africa = Afrique
region-asia-pacific = Asie-Pacifique
region-eastern-europe = Europe orientale
region-latin-america-caribbean = Amérique latine et Caraïbes
region-western-europe-others = Europe occidentale et autres États
region-none = région non déclarée

lens-tunis = Agenda de Tunis, 2005
lens-wgec = Groupe de travail sur le renforcement de la coopération, 2014
lens-netmundial = NETmundial, 2014 et 2024

party-academia = monde universitaire
party-academic-technical-within = communautés universitaire et technique (au sein des autres groupes)
party-civil-society = société civile
party-governments = gouvernements
party-international-organisations = organisations intergouvernementales et internationales
party-private-sector = secteur privé
party-technical-academic = communautés technique et universitaire
party-technical-community = communauté technique
party-users = utilisateurs
party-not-named = non nommés dans cette liste

level-declared = déclaré
level-mail-domain = domaine de courrier confirmé
level-web-domain = domaine web confirmé
level-vouched = attesté par la clé d’une organisation
