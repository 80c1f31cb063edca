# 讨论室对关键词回复的公开答复。
answer-support = 已记录：您支持本意见的第 { $revision } 版。
answer-reservation = 已记录：您有保留地支持本意见的第 { $revision } 版，保留内容以您的回复为准。
answer-neutral = 已记录：您对本意见的第 { $revision } 版保持中立。
answer-concern = 已记录：您对本意见的第 { $revision } 版表示关切，内容以您的回复为准。
answer-objection = 已记录：您反对本意见的第 { $revision } 版，理由以您的回复为准。
answer-withdrawn = 已记录：您撤回对本意见的立场。更早的立场不会恢复。
answer-newer = 现有更新的第 { $revision } 版。如要对其表态，请阅读后另写一条回复。
answer-needs-words = 未记录为立场：“{ $word }”需要说明理由。请另写一条以“{ $word }：”开头并说明理由的回复。本条作为评论保留。
answer-too-long = 未记录为立场：理由最多 { $max } 个字符。请另写一条回复。本条作为评论保留。
answer-edited = 编辑回复不会改变已记录的内容。如要改变立场，请另写一条回复。
answer-claim = 您说明了代表谁发言。该说明按您的原话显示，未经证实；立场记录为您本人的立场。
answer-receipt = 回执：
answer-undo = 如要撤销，请另写一条回复“{ $word }”，或删除您的回复。
answer-held-back = 您此前的一些回复已记录但未答复，其回执见：
answer-record = 您的回复连同您的服务器的签名保存在本议题的公开记录中，在此处和相连的服务器上。
