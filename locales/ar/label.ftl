### أسماء المفردات المغلقة، كاملة بلغات الأمم المتحدة الست.

group-academic-community = الأوساط الأكاديمية
group-civil-society = المجتمع المدني
group-governments = الحكومات
group-individual-users = المستخدمون الأفراد
group-international-organisations = المنظمات الدولية
group-other = جهات أخرى
group-private-sector = القطاع الخاص
group-technical-community = المجتمع التقني
group-none = لم تُعلن المجموعة

position-support = تأييد
position-reservation = تأييد مع تحفظ
position-neutral = حياد
position-concern = قلق
position-objection = اعتراض

comment-remark = تعليق
comment-support = تأييد
comment-concern = قلق
comment-question = سؤال
comment-evidence = دليل
comment-suggestion = اقتراح
comment-objection = اعتراض
comment-amendment = تعديل
comment-separate-statement = بيان منفصل

status-draft = مسودة
status-open = مفتوح للمواقف
status-final = نهائي
status-superseded = حلّ محله نص آخر
status-withdrawn = مسحوب

capacity-individual = باسمي
capacity-personalCapacity = بصفة شخصية
capacity-organization = باسم المنظمة

region-africa = أفريقيا
region-asia-pacific = آسيا والمحيط الهادئ
region-eastern-europe = أوروبا الشرقية
region-latin-america-caribbean = أمريكا اللاتينية ومنطقة البحر الكاريبي
region-western-europe-others = أوروبا الغربية ودول أخرى
region-none = لم تُعلن المنطقة

lens-tunis = برنامج عمل تونس، 2005
lens-wgec = الفريق العامل المعني بتعزيز التعاون، 2014
lens-netmundial = NETmundial، 2014 و2024

party-academia = الأوساط الأكاديمية
party-academic-technical-within = الأوساط الأكاديمية والتقنية (ضمن المجموعات الأخرى)
party-civil-society = المجتمع المدني
party-governments = الحكومات
party-international-organisations = المنظمات الحكومية الدولية والمنظمات الدولية
party-private-sector = القطاع الخاص
party-technical-academic = الأوساط التقنية والأكاديمية
party-technical-community = المجتمع التقني
party-users = المستخدمون
party-not-named = غير مذكورين في هذه القائمة

level-declared = مُصرَّح به
level-mail-domain = نطاق البريد مؤكَّد
level-web-domain = نطاق الموقع مؤكَّد
level-vouched = تشهد به منظمة بمفتاحها
