### Names of the closed vocabularies: groups, regions, parties, kinds, statuses, capacities, levels of proof. Complete
### in all six languages of the United Nations.

group-academic-community = academic community
group-civil-society = civil society
group-governments = governments
group-individual-users = individual users
group-international-organisations = international organisations
group-other = other
group-private-sector = private sector
group-technical-community = technical community
group-none = group not declared

position-support = support
position-reservation = support with reservation
position-neutral = neutral
position-concern = concern
position-objection = objection

comment-remark = comment
comment-support = support
comment-concern = concern
comment-question = question
comment-evidence = evidence
comment-suggestion = suggestion
comment-objection = objection
comment-amendment = amendment
comment-separate-statement = separate statement

status-draft = draft
status-open = open for positions
status-final = final
status-superseded = superseded
status-withdrawn = withdrawn

capacity-individual = for myself
capacity-personalCapacity = in personal capacity
capacity-organization = on behalf of the organisation

region-africa = Africa
region-asia-pacific = Asia and the Pacific
region-eastern-europe = Eastern Europe
region-latin-america-caribbean = Latin America and the Caribbean
region-western-europe-others = Western Europe and other States
region-none = region not declared

lens-tunis = Tunis Agenda, 2005
lens-wgec = Working Group on Enhanced Cooperation, 2014
lens-netmundial = NETmundial, 2014 and 2024

party-academia = academia
party-academic-technical-within = academic and technical communities (within the other groups)
party-civil-society = civil society
party-governments = governments
party-international-organisations = intergovernmental and international organisations
party-private-sector = private sector
party-technical-academic = technical and academic communities
party-technical-community = technical community
party-users = users
party-not-named = not named in this list
party-outside = { $group } (no party of this topic named)
party-untold = Not told apart here: several parties of this topic stand for the same group, and people declare the group.

level-declared = declared
level-mail-domain = mail domain confirmed
level-web-domain = web domain confirmed
level-vouched = vouched for by an organisation’s key
