### من خادم إلى آخر والعودة.

interact-reply = علّق من خادمك أنت
interact-follow = تابع من خادمك أنت
interact-link = علّق من خادمك أنت
interact-link-answer = أجب من خادمك أنت
interact-link-follow = تابع من خادمك أنت
