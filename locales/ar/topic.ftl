### صفحة الموضوع.

held-jointly-by = تحفظه معًا
facilitators = الميسّرون:
question = السؤال
not-heard-yet = لم يُسمع بعد
not-heard-what = لم يتحدث أحد من هذه المجموعات حتى الآن. إن كنت تعرف من يستطيع فأرسل إليه عنوان هذه الصفحة.
all-heard = تحدث أحد من كل مجموعة.
opinions-none = لا آراء بعد. كن أول من يكتب رأيًا.
dates = المواعيد
date-created = فُتح
date-opens = المساهمات ابتداءً من
date-closes = يُغلق
date-report = التقرير
topic-side = المواعيد وكيفية المشاركة
write-opinion = اكتب رأيًا
follow-from-yours = من خادمك أنت: ابحث هناك عن هذا المعرّف وتابعه.
follow-what = عندئذ تصلك الآراء والتعليقات والمواقف الجديدة، وتستطيع أن تجيب من حيث أنت.
