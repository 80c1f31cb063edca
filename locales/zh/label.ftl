### 封闭词汇表的名称：联合国六种语言齐全。`.sort` 为拼音，用于按字母顺序排列。

group-academic-community = 学术界
    .sort = xueshujie
group-civil-society = 民间社会
    .sort = minjian shehui
group-governments = 政府
    .sort = zhengfu
group-individual-users = 个人用户
    .sort = geren yonghu
group-international-organisations = 国际组织
    .sort = guoji zuzhi
group-other = 其他
    .sort = qita
group-private-sector = 私营部门
    .sort = siying bumen
group-technical-community = 技术界
    .sort = jishujie
group-none = 未申报所属群体

position-support = 支持
position-reservation = 有保留地支持
position-neutral = 中立
position-concern = 关切
position-objection = 反对

comment-remark = 评论
comment-support = 支持
comment-concern = 关切
comment-question = 提问
comment-evidence = 证据
comment-suggestion = 建议
comment-objection = 反对
comment-amendment = 修正案
comment-separate-statement = 单独声明

status-draft = 草案
status-open = 可表明立场
status-final = 定稿
status-superseded = 已被取代
status-withdrawn = 已撤回

capacity-individual = 代表本人
capacity-personalCapacity = 以个人身份
capacity-organization = 代表组织

region-africa = 非洲
    .sort = feizhou
region-asia-pacific = 亚洲及太平洋
    .sort = yazhou ji taipingyang
region-eastern-europe = 东欧
    .sort = dongou
region-latin-america-caribbean = 拉丁美洲和加勒比
    .sort = ladingmeizhou he jialebi
region-western-europe-others = 西欧和其他国家
    .sort = xiou he qita guojia
region-none = 未申报所属区域

lens-tunis = 突尼斯议程，2005年
lens-wgec = 加强合作工作组，2014年
lens-netmundial = NETmundial，2014年和2024年

party-academia = 学术界
    .sort = xueshujie
party-academic-technical-within = 学术界和技术界（属于其他群体之内）
    .sort = xueshujie he jishujie
party-civil-society = 民间社会
    .sort = minjian shehui
party-governments = 政府
    .sort = zhengfu
party-international-organisations = 政府间组织和国际组织
    .sort = zhengfujian zuzhi he guoji zuzhi
party-private-sector = 私营部门
    .sort = siying bumen
party-technical-academic = 技术界和学术界
    .sort = jishujie he xueshujie
party-technical-community = 技术界
    .sort = jishujie
party-users = 用户
    .sort = yonghu
party-not-named = 此名单未列名

level-declared = 自行申报
level-mail-domain = 邮件域名已确认
level-web-domain = 网站域名已确认
level-vouched = 由组织密钥担保
