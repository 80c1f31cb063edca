### Los nombres de los vocabularios cerrados, completos en los seis idiomas de las Naciones Unidas.

group-academic-community = comunidad académica
group-civil-society = sociedad civil
group-governments = gobiernos
group-individual-users = usuarios individuales
group-international-organisations = organizaciones internacionales
group-other = otros
group-private-sector = sector privado
group-technical-community = comunidad técnica
group-none = grupo no declarado

position-support = apoyo
position-reservation = apoyo con reservas
position-neutral = posición neutral
position-concern = preocupación
position-objection = objeción

comment-remark = comentario
comment-support = apoyo
comment-concern = preocupación
comment-question = pregunta
comment-evidence = prueba
comment-suggestion = sugerencia
comment-objection = objeción
comment-amendment = enmienda
comment-separate-statement = declaración separada

status-draft = borrador
status-open = abierto a posiciones
status-final = definitivo
status-superseded = sustituido
status-withdrawn = retirado

capacity-individual = en mi propio nombre
capacity-personalCapacity = a título personal
capacity-organization = en nombre de la organización

region-africa = África
region-asia-pacific = Asia y el Pacífico
region-eastern-europe = Europa Oriental
region-latin-america-caribbean = América Latina y el Caribe
region-western-europe-others = Europa Occidental y otros Estados
region-none = región no declarada

lens-tunis = Agenda de Túnez, 2005
lens-wgec = Grupo de Trabajo sobre una Mayor Cooperación, 2014
lens-netmundial = NETmundial, 2014 y 2024

party-academia = mundo académico
party-academic-technical-within = comunidades académica y técnica (dentro de los demás grupos)
party-civil-society = sociedad civil
party-governments = gobiernos
party-international-organisations = organizaciones intergubernamentales e internacionales
party-private-sector = sector privado
party-technical-academic = comunidades técnica y académica
party-technical-community = comunidad técnica
party-users = usuarios
party-not-named = no nombrados en esta lista

level-declared = declarado
level-mail-domain = dominio de correo confirmado
level-web-domain = dominio web confirmado
level-vouched = avalado por la clave de una organización
