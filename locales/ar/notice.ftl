### الإشعارات والإيصالات في رأس كل صفحة.

nav-notices = { $unread ->
    [0] الإشعارات
   *[other] الإشعارات ({ $unread } غير مقروءة)
  }
receipts-own = إيصالاتي
nav-reports = البلاغات ({ $open })
