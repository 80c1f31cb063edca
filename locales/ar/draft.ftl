### المسودات.

drafts = المسودات
draft-together = صياغة مشتركة
