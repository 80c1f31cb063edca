### إطار كل صفحة وما تشترك فيه الصفحات من كلمات.

skip = انتقل إلى النص
language = اللغة
nav-main = التنقل الرئيسي
nav-home = الرئيسية
nav-topics = المواضيع
nav-topic = الموضوع
nav-mesh = الشبكة
nav-text = النص
nav-positions = المواقف
nav-overview = نظرة عامة
nav-log = السجل
opinion = رأي
opinions = الآراء
run-by = تديره { $name }
speak-as = التحدث باسم: { $name }
speak-as-nobody = التحدث باسم: لم تسجّل الدخول
speak-how = القراءة لا تحتاج إلى حساب. للتحدث اختر واحدًا مما يلي:
speak-here = حساب هنا
speak-elsewhere = حسابك على خادمك أنت (ماستودون وغيره): تابع أو أجب من هناك، كما تبيّن صفحة كل موضوع وكل رأي.
sign-out = تسجيل الخروج
settings = الإعدادات
record-statement = ما يقال هنا يوقّعه قائله وتحفظه كل نسخة مشاركة، فلا تتحكم جهة واحدة في السجل، ولا هذه الجهة.
footer-run-by = { $instance }: تديره { $body }.
contact = للاتصال:
software = برنامج Polylogue { $version }، برنامج حر برخصة AGPL.
source = الشيفرة المصدرية
no-scripts = لا تحتاج هذه الصفحة إلى نصوص برمجية ولا تحمّل شيئًا من مكان آخر.
on-this-page = في هذه الصفحة:
comma = { "، " }
semicolon = { "؛ " }
colon = { ": " }
state = الحالة
here = هنا
date = { $day } { $month } { $year }
moment = { $date }، الساعة { $time } بالتوقيت العالمي
month-01 = يناير
month-02 = فبراير
month-03 = مارس
month-04 = أبريل
month-05 = مايو
month-06 = يونيو
month-07 = يوليو
month-08 = أغسطس
month-09 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر

voice-for = عن { $name }
voice-for-unconfirmed = يقول إنه يتحدث عن { $name }، دون تأكيد
voice-personal = بصفة شخصية
from-host = من { $host }
by = بقلم

deed-opened = فتح الموضوع
deed-published = نشر الرأي
deed-revised = نشر مراجعة جديدة من
deed-commented = علّق على
deed-position = اتخذ موقفًا من
deed-withdrew = سحب موقفًا من
deed-deleted = حذف شيئًا مما كتبه في
deed-joined = انضم إلى الموضوع
deed-other = له إجراء في
log-entry = القيد
log-latest = آخر قيود السجل
log-whole = السجل كاملًا
log-none = السجل فارغ: لم يفعل أحد شيئًا بعد.

topic-open = مفتوح، دون موعد إغلاق
topic-closed = أُغلق في { $date }
topic-fetching = معروف من مكان آخر، يجري جلبه
days-left = { $days ->
    [0] يُغلق اليوم
    [one] بقي يوم واحد
    [two] بقي يومان
    [few] بقيت { $days } أيام
    [many] بقي { $days } يومًا
   *[other] بقي { $days } يوم
  }
revision-n = المراجعة { $number }
paragraphs = { $count ->
    [zero] لا فقرات
    [one] فقرة واحدة
    [two] فقرتان
    [few] { $count } فقرات
    [many] { $count } فقرة
   *[other] { $count } فقرة
  }
order = الترتيب:
order-alternating = بالتناوب بين المجموعات
order-start = بداية اليوم:

complete = مكتمل.
complete-what = كل المساهمات المعروفة في الشبكة موجودة هنا.
missing = { $missing ->
    [one] تنقص مساهمة واحدة.
    [two] تنقص مساهمتان.
    [few] تنقص { $missing } مساهمات.
    [many] تنقص { $missing } مساهمة.
   *[other] تنقص { $missing } مساهمة.
  }
missing-what = من { $known } مساهمة معروفة في الشبكة توجد هنا { $here }.
missing-from = يجري جلب الباقي من { $hosts }.
checked = آخر تحقق كامل: { $moment }.
not-compared = لم تُقارن بعد
