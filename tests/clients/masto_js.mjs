// masto.js drives an instance as Elk and Phanpy do: registers, is let in, follows, reads, replies, takes a position, edits,
// deletes. Arguments: the instance's origin, the name and the password of an account there, and the id of an opinion of
// somebody else in the topic `rivers`. Prints each step that passed.
import { createECDH, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from 'masto';
import { Listening, letIn, must, refused, within } from './near.mjs';

const [origin, name, password, uri] = process.argv.slice(2);
const oob = 'urn:ietf:wg:oauth:2.0:oob';
const scopes = 'read write follow push';
const step = (what) => console.log(`passed: masto: ${what}`);

const stranger = createRestAPIClient({ url: origin });
const app = await stranger.v1.apps.create({ clientName: 'drive', redirectUris: oob, scopes });
const query = new URLSearchParams({ client_id: app.clientId, redirect_uri: oob, response_type: 'code', scope: scopes });
const code = letIn(`${origin}/oauth/authorize?${query}`, name, password);
const token = await createOAuthAPIClient({ url: origin }).token.create({
  grantType: 'authorization_code', clientId: app.clientId, clientSecret: app.clientSecret, redirectUri: oob, code, scope: scopes,
});
must(token.scope === scopes, token);
const api = createRestAPIClient({ url: origin, accessToken: token.accessToken });
step('register, and be let in');

const instance = await api.v2.instance.fetch();
must(instance.version.startsWith('4.5.0') && instance.configuration.urls.streaming, instance);
const me = await api.v1.accounts.verifyCredentials();
must(me.username === name && me.source.privacy === 'public', me);
for (const list of [api.v1.lists, api.v1.announcements, api.v1.customEmojis, api.v1.followRequests, api.v1.followedTags]) {
  must(Array.isArray(await list.list()), 'a list');
}
step('instance, credentials, and what is asked at the start');

const room = await api.v1.accounts.lookup({ acct: 'rivers' });
must((await api.v1.accounts.$select(room.id).follow()).following, room);
const opinion = (await api.v2.search.list({ q: uri, resolve: true })).statuses[0];
must(opinion.uri === uri, opinion);
const pages = [];
for await (const page of api.v1.timelines.home.list({ limit: 1 })) pages.push(...page.map((one) => one.id));
must(pages.includes(opinion.id) && new Set(pages).size === pages.length, pages);
step('follow a topic, find an opinion, and page through home to its end');

const reply = await api.v1.statuses.create({ status: 'The left bank too.', inReplyToId: opinion.id, visibility: 'public' });
const below = async () => (await api.v1.statuses.$select(opinion.id).context.fetch()).descendants;
must((await below()).some((one) => one.id === reply.id), reply);
const edited = await api.v1.statuses.$select(reply.id).update({ status: 'The left bank as well.' });
must(edited.editedAt && edited.content.includes('as well'), edited);
must((await api.v1.statuses.$select(reply.id).history.list()).length === 2, 'history');
step('reply, read the thread, edit');

must((await api.v1.statuses.$select(opinion.id).favourite()).favouritesCount === 1, 'favourite');
must((await api.v1.statuses.$select(opinion.id).unfavourite()).favouritesCount === 0, 'unfavourite');
must((await api.v1.statuses.$select(opinion.id).reblog()).reblog.id === opinion.id, 'reblog');
must((await api.v1.statuses.$select(opinion.id).bookmark()).bookmarked, 'bookmark');
step('favourite, reblog, bookmark');

await api.v1.statuses.create({ status: 'support: both banks were asked.', inReplyToId: opinion.id });
const told = await api.v1.notifications.list();
must(told.some((one) => one.type === 'mention' && one.status.content.includes('Recorded')), told);
const groups = await api.v2.notifications.list();
must(groups.notificationGroups.length > 0 && groups.accounts.length > 0, groups);
must((await below()).some((one) => one.content.includes('both banks were asked')), 'the reason');
step('take a position by a keyword, and be told, one by one and in groups');

// As Phanpy and Elk listen: the token in place of a protocol, several streams over one socket.
const live = createStreamingAPIClient({
  streamingApiUrl: instance.configuration.urls.streaming, accessToken: token.accessToken, implementation: Listening,
});
const heard = async (stream, event, fits) => {
  for await (const told of stream) if (told.event === event && fits(told.payload)) return told;
};
const expected = [
  within(heard(live.user.subscribe(), 'update', (one) => one.content.includes('third bank'))),
  within(heard(live.user.subscribe(), 'delete', () => true)),
  within(heard(live.user.notification.subscribe(), 'notification', (one) => one.type === 'mention')),
];
await within(Listening.subscribed(3));
const third = await api.v1.statuses.create({ status: 'The third bank.', inReplyToId: opinion.id });
const first = await expected[0];
must(first.payload.id === third.id && first.stream.includes('user'), first);
await api.v1.statuses.create({ status: 'withdraw', inReplyToId: opinion.id });
must((await expected[2]).stream.includes('user:notification'), 'the receipt');
await api.v1.statuses.$select(third.id).remove();
must((await expected[1]).payload === third.id, 'the deletion');
live.close();
step('listen over one socket: a post, a receipt, a deletion');

const changed = await api.v1.accounts.updateCredentials({ displayName: 'Amina of the bank', source: { language: 'en' } });
must(changed.displayName === 'Amina of the bank' && changed.source.language === 'en', changed);
const other = api.v1.accounts.$select(opinion.account.id);
must((await other.mute({ notifications: true, duration: 600 })).muting, 'mute');
must((await api.v1.mutes.list()).length === 1 && !(await below()).some((one) => one.account.id === opinion.account.id), 'mutes');
must(!(await other.unmute()).muting, 'unmute');
must((await other.block()).blocking && !(await other.unblock()).blocking, 'block');
const shelf = await api.v1.lists.create({ title: 'Rivers' });
await api.v1.lists.$select(shelf.id).accounts.create({ accountIds: [room.id] });
const listed = await api.v1.timelines.list.$select(shelf.id).list();
must(listed.some((one) => one.id === opinion.id), listed);
const sieve = await api.v2.filters.create({
  title: 'Banks', context: ['home'], filterAction: 'warn', keywordsAttributes: [{ keyword: 'two banks', wholeWord: true }],
});
const home = await api.v1.timelines.home.list();
const met = home.find((one) => one.id === opinion.id).filtered;
must(met[0].filter.id === sieve.id && met[0].keywordMatches[0] === 'two banks', met);
await api.v2.filters.$select(sieve.id).remove();
await api.v1.lists.$select(shelf.id).remove();
must((await api.v1.lists.list()).length === 0, 'lists');
step('change the profile, mute, block, keep a list and a filter');

const reported = await api.v1.reports.create({
  accountId: opinion.account.id, statusIds: [opinion.id], comment: 'It is about another river.', category: 'spam',
});
must(reported.category === 'spam' && reported.targetAccount.id === opinion.account.id, reported);
const several = await api.v1.accounts.fetch({ id: [opinion.account.id, room.id] });
must(several.length === 2, several);
const familiar = await api.v1.accounts.familiarFollowers.fetch({ id: [opinion.account.id] });
must(familiar.length === 1 && familiar[0].accounts.length === 0, familiar);
step('report a post, read several accounts, ask who of one\'s own follows somebody');

const browser = createECDH('prime256v1');
const keys = { p256dh: browser.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') };
const pushed = await api.v1.push.subscription.create({
  subscription: { endpoint: 'https://push.example/2', keys }, data: { alerts: { mention: true } }, policy: 'followed',
});
must(pushed.alerts.mention && !pushed.alerts.follow, pushed);
must(pushed.serverKey === instance.configuration.vapid.publicKey, pushed);
must((await api.v1.push.subscription.update({ data: { alerts: { follow: true } } })).alerts.follow, 'an alert');
await api.v1.push.subscription.remove();
must((await refused(() => api.v1.push.subscription.fetch())).statusCode === 404, 'no subscription');
step('ask to be told by push, change it, end it');

const file = new Blob([await readFile(new URL('../../assets/avatar.png', import.meta.url))], { type: 'image/png' });
const brought = await api.v2.media.create({ file, description: 'A bank' });
must(brought.type === 'image' && brought.url, brought);
const shown = await api.v1.statuses.create({ status: 'See the bank.', inReplyToId: opinion.id, mediaIds: [brought.id] });
must(shown.mediaAttachments[0].description === 'A bank', shown);
const mended = await api.v1.statuses.$select(shown.id).update({
  status: 'See the bank.', mediaIds: [brought.id], mediaAttributes: [{ id: brought.id, description: 'Both banks' }],
});
must(mended.mediaAttachments[0].description === 'Both banks', mended);
await api.v1.statuses.$select(shown.id).remove();
step('bring a picture, show it in a reply, say what is in it');

await api.v1.statuses.$select(reply.id).remove();
const gone = await refused(() => api.v1.statuses.$select(reply.id).fetch());
must(gone.statusCode === 404, gone);
const nothing = await refused(() => api.v1.statuses.create({ status: 'To nobody.' }));
must(nothing.statusCode === 422, nothing);
step('delete, and be refused what answers nothing');
