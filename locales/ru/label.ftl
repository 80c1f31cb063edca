### Названия закрытых словарей: полностью на всех шести языках Организации Объединённых Наций.

group-academic-community = академическое сообщество
group-civil-society = гражданское общество
group-governments = правительства
group-individual-users = индивидуальные пользователи
group-international-organisations = международные организации
group-other = другие
group-private-sector = частный сектор
group-technical-community = техническое сообщество
group-none = группа не указана

position-support = поддержка
position-reservation = поддержка с оговоркой
position-neutral = нейтральная позиция
position-concern = обеспокоенность
position-objection = возражение

comment-remark = комментарий
comment-support = поддержка
comment-concern = обеспокоенность
comment-question = вопрос
comment-evidence = подтверждение
comment-suggestion = предложение
comment-objection = возражение
comment-amendment = поправка
comment-separate-statement = отдельное заявление

status-draft = проект
status-open = открыто для позиций
status-final = окончательный текст
status-superseded = заменён другим текстом
status-withdrawn = отозван

capacity-individual = от своего имени
capacity-personalCapacity = в личном качестве
capacity-organization = от имени организации

region-africa = Африка
region-asia-pacific = Азиатско-Тихоокеанский регион
region-eastern-europe = Восточная Европа
region-latin-america-caribbean = Латинская Америка и Карибский бассейн
region-western-europe-others = Западная Европа и другие государства
region-none = регион не указан

lens-tunis = Тунисская программа, 2005 год
lens-wgec = Рабочая группа по укреплению сотрудничества, 2014 год
lens-netmundial = NETmundial, 2014 и 2024 годы

party-academia = академические круги
party-academic-technical-within = академическое и техническое сообщества (в составе других групп)
party-civil-society = гражданское общество
party-governments = правительства
party-international-organisations = межправительственные и международные организации
party-private-sector = частный сектор
party-technical-academic = техническое и академическое сообщества
party-technical-community = техническое сообщество
party-users = пользователи
party-not-named = не названы в этом перечне

level-declared = заявлено
level-mail-domain = почтовый домен подтверждён
level-web-domain = веб-домен подтверждён
level-vouched = подтверждено ключом организации
