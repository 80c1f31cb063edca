//! Every limit in the system, each with its unit last in its name. Sizes, depths and fetch limits hold always;
//! rates can be switched off with `limits.enabled = false` (decisions 20).

/// Largest body an inbox reads (413 above it).
pub const INBOX_BODY_BYTES_MAX: usize = 1_048_576;
/// Largest document fetched from elsewhere, after decompression.
pub const FETCH_BODY_BYTES_MAX: usize = 1_048_576;
/// Largest body of an API call or a form.
pub const FORM_BODY_BYTES_MAX: usize = 2_097_152;
/// Deepest nesting of JSON that is read.
pub const JSON_DEPTH_MAX: usize = 32;
/// Deepest nesting of one entry of a record: a few levels less, since it travels inside an `Announce` or a page of a
/// log, which must be readable too.
pub const ENTRY_DEPTH_MAX: usize = 28;
/// Longest array in JSON that is read.
pub const JSON_ARRAY_LENGTH_MAX: usize = 1_000;
/// Longest URL that is taken as an id, in characters.
pub const URI_CHARS_MAX: usize = 2_048;
/// Longest name of a part of the state, made of one id or of several, in bytes: PostgreSQL indexes up to a third of a
/// page (2,704 bytes), and what only SQLite could hold would be at some mirrors alone.
pub const CELL_BYTES_MAX: usize = 2_560;
/// Largest signed activity that may enter a log (decisions 23).
pub const ENTRY_BYTES_MAX: usize = 655_360;
/// Largest body kept as delivery evidence (decisions 23).
pub const EVIDENCE_BODY_BYTES_MAX: usize = 262_144;
/// Most activities in one `Announce` (decisions 23).
pub const ANNOUNCE_ITEMS_MAX: usize = 50;
/// Largest `Announce` that holds more than one activity (protocol 4.f.4).
pub const ANNOUNCE_BATCH_BYTES_MAX: usize = 262_144;
/// Farthest an entry is relayed, in hops (protocol 4.f.4).
pub const RELAY_HOPS_MAX: i64 = 6;
/// How far a signed date may lie from our clock, either way (decisions 29).
pub const SIGNATURE_WINDOW_SECONDS: i64 = 3_600;
/// Longest abstract of an opinion, in characters.
pub const ABSTRACT_CHARS_MAX: usize = 500;
/// Longest title of an opinion or a topic, in characters.
pub const NAME_CHARS_MAX: usize = 200;
/// Longest question of a topic, in characters.
pub const QUESTION_CHARS_MAX: usize = 2_000;
/// Most parties that a topic names of its own.
pub const PARTIES_MAX: usize = 20;
/// Longest word of such a party, in characters.
pub const PARTY_WORD_CHARS_MAX: usize = 40;
/// Longest name of such a party in one language, in characters.
pub const PARTY_NAME_CHARS_MAX: usize = 100;
/// Most languages in which such a party has a name.
pub const PARTY_LANGUAGES_MAX: usize = 20;
/// Most facilitators of a topic at a time.
pub const FACILITATORS_MAX: usize = 50;
/// Longest Markdown source of an opinion, in bytes.
pub const OPINION_SOURCE_BYTES_MAX: usize = 204_800;
/// Most paragraphs of a draft that stand at once.
pub const DRAFT_BLOCKS_MAX: usize = 2_000;
/// Most people who write one draft or are asked to.
pub const DRAFT_AUTHORS_MAX: usize = 50;
/// Most drafts that one person writes at once.
pub const DRAFTS_OPEN_MAX: u64 = 100;
/// Longest Markdown source of a comment, in characters.
pub const COMMENT_CHARS_MAX: usize = 10_000;
/// Most passages that one comment is about.
pub const COMMENT_ANCHORS_MAX: usize = 20;
/// Longest statement of a position, in characters (P7).
pub const STATEMENT_CHARS_MAX: usize = 2_000;
/// Longest change note of a revision, in characters.
pub const CHANGE_NOTE_CHARS_MAX: usize = 1_000;
/// Longest name of a time zone, in bytes: the longest of the tz database has 32.
pub const ZONE_BYTES_MAX: usize = 64;
/// Longest display name, in characters.
pub const DISPLAY_NAME_CHARS_MAX: usize = 100;
/// Shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Longest password, in bytes: more only costs time.
pub const PASSWORD_BYTES_MAX: usize = 1_024;
/// Failed sign-ins per account and per address before both wait.
pub const SIGN_IN_TRIES_MAX: i64 = 5;
/// How long failed sign-ins are remembered.
pub const SIGN_IN_WINDOW_MINUTES: i64 = 15;
/// How long a session lives without use.
pub const SESSION_DAYS_MAX: i64 = 30;
/// Most items in one page of a list or a log.
pub const PAGE_ITEMS_MAX: u64 = 200;
/// Items in a page where nothing else is asked for.
pub const PAGE_ITEMS_DEFAULT: u64 = 50;
/// Most fetches that one received act may cause.
pub const FETCHES_PER_ACT_MAX: u32 = 100;
/// Most fetches under way to one host at a time.
pub const FETCHES_PER_HOST_AT_ONCE_MAX: usize = 10;
/// Hosts whose turns are remembered.
pub const HOSTS_FETCHED_AT_ONCE_MAX: u64 = 10_000;
/// How long an address is not fetched again on somebody's word after it led nowhere.
pub const MISSED_SECONDS: i64 = 600;
/// The same where it may be better soon.
pub const MISSED_TRANSIENT_SECONDS: i64 = 30;
/// Addresses that led nowhere, remembered.
pub const MISSED_REMEMBERED_MAX: u64 = 20_000;
/// Deadline of one whole fetch.
pub const FETCH_SECONDS_MAX: u64 = 10;
/// Deadline of one whole delivery.
pub const DELIVERY_SECONDS_MAX: u64 = 10;
/// How long an unanswered delivery is retried before it is given up.
pub const DELIVERY_DAYS_MAX: i64 = 14;
/// Largest delivered document for peers outside the mesh (G4).
pub const DELIVERED_BYTES_MAX: usize = 60_000;
/// Deepest nesting of quotes, lists and emphasis in what somebody writes.
pub const MARKUP_NESTING_DEPTH_MAX: usize = 12;
/// Widest table in what somebody writes, in columns.
pub const MARKUP_TABLE_COLUMNS_MAX: usize = 50;
/// Longest HTML that comes of what somebody writes, in bytes: it must fit into [`ENTRY_BYTES_MAX`] with its
/// source beside it.
pub const MARKUP_HTML_BYTES_MAX: usize = 393_216;
/// Deadline of one whole request to us: longer than a fetch from elsewhere that it may wait for.
pub const REQUEST_SECONDS_MAX: u64 = 30;
/// Largest page of a log, in bytes: what a peer reads in one fetch, less its envelope.
pub const LOG_PAGE_BYTES_MAX: usize = FETCH_BODY_BYTES_MAX - 65_536;
/// Deadline of handing one letter to the mail server: shorter than the request that waits for it.
pub const MAIL_SECONDS_MAX: u64 = 20;
/// Letters of confirmation that one account, or one address, gets in an hour.
pub const CONFIRMATION_MAILS_PER_HOUR_MAX: usize = 3;
/// How long the link in a letter of confirmation works.
pub const CONFIRMATION_HOURS_MAX: i64 = 24;
/// How long what an instance found out about a domain is held to be true, unless it is found out anew.
pub const DOMAIN_PROOF_DAYS_MAX: i64 = 365;
/// Web domains that one account may name.
pub const WEB_DOMAINS_MAX: usize = 5;
/// How often a web domain is looked at again.
pub const WEB_CHECK_HOURS: i64 = 24;
/// How long a web domain may fail to name its account before that proof ends.
pub const WEB_CHECK_FAILING_DAYS_MAX: i64 = 3;
/// How soon a web domain that was just named is looked at again while it does not name its account yet.
pub const WEB_FIRST_CHECK_MINUTES: i64 = 50;
/// Times in [`SIGN_IN_WINDOW_MINUTES`] that one account may have a web domain looked at.
pub const WEB_CHECKS_MAX: i64 = 5;
/// Longest profile text, in characters.
pub const PROFILE_CHARS_MAX: usize = 2_000;
/// Longest e-mail address, in bytes (RFC 5321, 4.5.3.1.3).
pub const EMAIL_BYTES_MAX: usize = 254;
/// Items in one page of an ActivityStreams collection.
pub const COLLECTION_PAGE_ITEMS: u64 = 20;
/// Most delegations of one organisation that stand at a time.
pub const DELEGATIONS_MAX: usize = 200;
/// Longest name after `for:` in a reply by keyword, in characters.
pub const CLAIM_CHARS_MAX: usize = 200;
/// Most passages that one reply by keyword names.
pub const READING_BLOCKS_MAX: usize = 20;
/// Public answers to one author on one opinion in [`ANSWERS_PAUSE_MINUTES`] (decisions 8).
pub const ANSWERS_PER_OPINION_MAX: u64 = 1;
/// How long an author's answer on an opinion keeps the next one back.
pub const ANSWERS_PAUSE_MINUTES: i64 = 10;
/// Public answers to one author in an hour.
pub const ANSWERS_PER_AUTHOR_AN_HOUR_MAX: u64 = 5;
/// Public answers to the authors of one host in an hour.
pub const ANSWERS_PER_HOST_AN_HOUR_MAX: u64 = 60;
/// Public answers in an hour to all hosts together that were first seen within a day.
pub const ANSWERS_TO_NEW_HOSTS_AN_HOUR_MAX: u64 = 20;
/// Requests to inboxes that one address may make in a minute, before anything of them is read.
pub const INBOX_PER_ADDRESS_A_MINUTE_MAX: i64 = 3_000;
/// Requests with a signature that does not hold that one address may make in a minute.
pub const BAD_SIGNATURES_PER_ADDRESS_A_MINUTE_MAX: i64 = 120;
/// Acts in a minute that a host of a linked room delivers (decisions 20).
pub const LINK_ACTS_A_MINUTE_MAX: i64 = 600;
/// Acts in a day that it delivers.
pub const LINK_ACTS_A_DAY_MAX: i64 = 20_000;
/// How soon what a link's rate refused is fetched from its log.
pub const LINK_REFUSED_MINUTES_MAX: i64 = 5;
/// Acts in an hour that any other host delivers when it is new …
pub const HOST_ACTS_AN_HOUR_MAX: i64 = 300;
/// … and after a week in which it was not held back.
pub const TRUSTED_HOST_ACTS_AN_HOUR_MAX: i64 = 3_000;
/// Acts at once that such a host delivers.
pub const HOST_ACTS_AT_ONCE_MAX: i64 = 100;
/// Acts in an hour that one actor of such a host delivers.
pub const ACTOR_ACTS_AN_HOUR_MAX: i64 = 60;
/// Acts at once that one actor delivers.
pub const ACTOR_ACTS_AT_ONCE_MAX: i64 = 30;
/// Acts in an hour that all hosts first seen within a day deliver together.
pub const NEW_HOSTS_ACTS_AN_HOUR_MAX: i64 = 1_000;
/// Acts at once that they deliver together.
pub const NEW_HOSTS_ACTS_AT_ONCE_MAX: i64 = 300;
/// How long a host counts as new.
pub const NEW_HOST_HOURS: i64 = 24;
/// How long an act is held before it is worked out; what would be held longer stays with its sender.
pub const HELD_HOURS_MAX: i64 = 24;
/// Acts of one host that are held.
pub const HELD_PER_HOST_MAX: u64 = 2_000;
/// Acts that are held in all.
pub const HELD_MAX: u64 = 20_000;
/// Largest body of an act that is held; a larger one stays with its sender until there is a turn for it.
pub const HELD_BODY_BYTES_MAX: usize = 65_536;
/// Names whose pace is remembered.
pub const PACE_NAMES_MAX: u64 = 100_000;
/// Calls of the API that change something which one address may make in a minute.
pub const API_WRITES_PER_ADDRESS_A_MINUTE_MAX: i64 = 3_000;
/// Documents fetched from the origin of one act that somebody else handed on, or that only names its text.
pub const ORIGIN_FETCHES_MAX: u32 = 4;
/// Things that one report names.
pub const REPORT_OBJECTS_MAX: usize = 50;
/// Longest text of a report that is kept, in characters.
pub const REPORT_CHARS_MAX: usize = 5_000;
/// Reports of one server that are open at once.
pub const REPORTS_OPEN_PER_HOST_MAX: u64 = 200;
/// Reports of one account here that are open at once.
pub const REPORTS_OPEN_PER_ACCOUNT_MAX: u64 = 20;
/// People here to whom one private reply is given.
pub const PRIVATE_ADDRESSEES_MAX: usize = 20;
/// Documents that one walk along a thread fetches.
pub const WALK_FETCHES_MAX: i64 = 200;
/// Addresses that one walk has still to read.
pub const WALK_FRONTIER_MAX: usize = 500;
/// Comments that one walk takes.
pub const WALK_FOUND_MAX: i64 = 500;
/// How long a walk leaves a host alone after a fetch from it, in milliseconds.
pub const WALK_PAUSE_MILLIS: i64 = 1_000;
/// Searches from one address in a minute that ask other servers.
pub const RESOLVES_PER_ADDRESS_A_MINUTE_MAX: i64 = 60;
/// How long a client's name for a request to post stands for what that made, in minutes.
pub const POSTED_NAMES_MINUTES: i64 = 60;
/// Longest such name that is kept, in characters.
pub const POSTED_NAME_CHARS_MAX: usize = 200;
/// Items in one page of a client's list, where it does not say how many.
pub const CLIENT_PAGE_ITEMS_DEFAULT: u64 = 20;
/// Most items in one page of posts.
pub const CLIENT_PAGE_ITEMS_MAX: u64 = 40;
/// Most items in one page of people.
pub const CLIENT_PEOPLE_MAX: u64 = 80;
/// Walks that go on at once.
pub const WALKS_OPEN_MAX: u64 = 100;
/// Fields of one form, and of one query, that programs send.
pub const PARAMETERS_MAX: usize = 1_000;
/// Deepest name of such a field: `a[b][c]` is three deep.
pub const PARAMETER_DEPTH_MAX: usize = 6;
/// Longest name of an app, in characters.
pub const APP_NAME_CHARS_MAX: usize = 100;
/// Most addresses to which one app sends people back.
pub const APP_REDIRECTS_MAX: usize = 20;
/// How long a code can be exchanged for a token.
pub const APP_CODE_MINUTES_MAX: i64 = 10;
/// Apps that one address may register in an hour.
pub const APPS_PER_ADDRESS_AN_HOUR_MAX: i64 = 100;
/// How long somebody may be on their way to their own server and back.
pub const HOME_VISIT_MINUTES_MAX: i64 = 15;
/// Largest answer of somebody's own server that is read when they sign in with it.
pub const HOME_ANSWER_BYTES_MAX: usize = 65_536;
/// How long somebody waits for their own server to answer, in seconds.
pub const HOME_SECONDS_MAX: u64 = 20;
/// Times in an hour that one address may set out for a server of its own.
pub const HOME_VISITS_PER_ADDRESS_AN_HOUR_MAX: i64 = 60;
/// Times in a minute that other servers are asked for one address which leads home, or came from there.
pub const INTENTS_PER_ADDRESS_A_MINUTE_MAX: i64 = 30;
/// How long somebody waits for the way to their own server, in seconds.
pub const INTENT_SECONDS_MAX: u64 = 5;
/// Largest answer of that server that is read for it.
pub const INTENT_ANSWER_BYTES_MAX: usize = 65_536;
/// Redirects that are followed for it.
pub const INTENT_REDIRECTS_MAX: usize = 1;
/// Longest secret or name that another server gives us, in characters.
pub const HOME_WORD_CHARS_MAX: usize = 4_096;
/// How long a guest stays signed in.
pub const GUEST_SESSION_HOURS_MAX: i64 = 72;
/// Longest name of a browser that is kept, in characters.
pub const AGENT_CHARS_MAX: usize = 200;
/// Streams that one account has open at once.
pub const STREAMS_PER_ACCOUNT_MAX: usize = 20;
/// Streams that are open at once in one process.
pub const STREAMS_MAX: usize = 1_000;
/// Streams that one socket is subscribed to at once.
pub const SUBSCRIPTIONS_PER_SOCKET_MAX: usize = 50;
/// Largest message that a program sends over a socket, in bytes.
pub const SOCKET_MESSAGE_BYTES_MAX: usize = 4_096;
/// Largest message that is kept for one socket until it is sent, in bytes: the longest text, escaped twice, fits.
pub const SOCKET_BUFFER_BYTES_MAX: usize = 4_194_304;
/// How often a socket is asked whether anybody is there.
pub const SOCKET_PING_SECONDS: u64 = 30;
/// How long one message may take to be sent: who reads more slowly is let go.
pub const SOCKET_SEND_SECONDS_MAX: u64 = 10;
/// Changes that are kept for those who listen; who has more of them to read is let go.
pub const CHANGES_KEPT_MAX: usize = 128;
/// Age of a post that is still told as new, in hours: what a newly linked room brings is read in timelines.
pub const STREAMED_AGE_HOURS_MAX: i64 = 6;
/// Fields of a profile beside name and text.
pub const PROFILE_FIELDS_MAX: usize = 4;
/// Longest name, and longest words, of such a field, in characters.
pub const PROFILE_FIELD_CHARS_MAX: usize = 255;
/// Longest note of somebody on somebody else, in characters.
pub const ACCOUNT_NOTE_CHARS_MAX: usize = 2_000;
/// Posts that one account puts first.
pub const PINS_MAX: usize = 5;
/// Servers that one account blocks.
pub const DOMAIN_BLOCKS_MAX: u64 = 500;
/// Lists of one account.
pub const LISTS_MAX: u64 = 50;
/// Longest name of a list, in characters.
pub const LIST_TITLE_CHARS_MAX: usize = 256;
/// People and rooms on one list.
pub const LIST_MEMBERS_MAX: u64 = 500;
/// Filters of one account.
pub const FILTERS_MAX: u64 = 100;
/// Longest name of a filter, in characters.
pub const FILTER_TITLE_CHARS_MAX: usize = 256;
/// Words of one filter.
pub const FILTER_KEYWORDS_MAX: usize = 100;
/// Longest of them, in characters.
pub const FILTER_KEYWORD_CHARS_MAX: usize = 512;
/// Posts that one filter names.
pub const FILTER_STATUSES_MAX: usize = 50;
/// Programs of one account that are told by push; the oldest makes room.
pub const PUSH_PROGRAMS_MAX: usize = 20;
/// Tries to tell something by push.
pub const PUSH_TRIES_MAX: i64 = 6;
/// How old news may be that are told by push, in hours.
pub const PUSH_HOURS_MAX: i64 = 48;
/// How long this server's word to a push service holds, in hours: at most a day (RFC 8292, section 2).
pub const PUSH_WORD_HOURS: i64 = 12;
/// How long one server has for its turn at a message, in seconds, before another may send it.
pub const PUSH_TURN_SECONDS: i64 = 60;
/// Largest picture that somebody sends, in bytes.
pub const PICTURE_BYTES_MAX: usize = 8_388_608;
/// Largest body that brings pictures: a profile has two, and a form has its fields around them.
pub const PICTURE_BODY_BYTES_MAX: usize = 2 * PICTURE_BYTES_MAX + 65_536;
/// Most pixels of a picture that is decoded: 4,096 × 4,096.
pub const PICTURE_PIXELS_MAX: u64 = 16_777_216;
/// Longest side of a picture that is decoded, in pixels.
pub const PICTURE_SIDE_PIXELS_MAX: u32 = 16_384;
/// Memory that decoding one picture may take, in bytes: its pixels at 8 bytes each, and as much again for the decoder.
pub const PICTURE_DECODING_BYTES_MAX: u64 = 268_435_456;
/// Longest side of a picture as it is kept, in pixels.
pub const PICTURE_KEPT_SIDE_PIXELS_MAX: u32 = 2_048;
/// Largest picture as it is kept, in bytes: what would be larger is made smaller.
pub const PICTURE_KEPT_BYTES_MAX: usize = 4_194_304;
/// Longest side of a preview, in pixels.
pub const PREVIEW_SIDE_PIXELS_MAX: u32 = 480;
/// Longest side of the picture of somebody, in pixels.
pub const AVATAR_SIDE_PIXELS_MAX: u32 = 400;
/// Longest side of the wide picture of somebody, in pixels.
pub const HEADER_SIDE_PIXELS_MAX: u32 = 1_500;
/// Pictures that are decoded at once in one process.
pub const PICTURES_DECODED_AT_ONCE_MAX: usize = 2;
/// Pictures of one post.
pub const PICTURES_PER_POST_MAX: usize = 4;
/// Longest description of a picture, in characters.
pub const PICTURE_DESCRIPTION_CHARS_MAX: usize = 1_500;
/// Pictures of one account that no post shows yet.
pub const PICTURES_WAITING_MAX: u64 = 16;
/// Their size together, in bytes.
pub const PICTURES_WAITING_BYTES_MAX: i64 = 33_554_432;
/// How long a picture waits for its post.
pub const PICTURES_WAITING_HOURS_MAX: i64 = 24;
/// Pictures that one account may bring in an hour.
pub const PICTURES_AN_HOUR_MAX: u64 = 120;
/// Forms of several parts, which may bring pictures, from one address in an hour.
pub const PICTURE_FORMS_PER_ADDRESS_AN_HOUR_MAX: i64 = 1_200;
/// Things attached to one text from elsewhere that are kept as addresses.
pub const ATTACHMENTS_READ_MAX: usize = 16;
