// megalodon drives an instance: finds out what it is, registers, is let in, reads, replies, takes a position, deletes.
// Arguments: the instance's origin, the name and the password of an account there, and the id of an opinion of somebody
// else in the topic `rivers`. Prints each step that passed.
import { createReadStream } from 'node:fs';
import megalodon, { detector } from 'megalodon';
import { letIn, must, refused, within } from './near.mjs';

const [origin, name, password, uri] = process.argv.slice(2);
const generator = megalodon.default ?? megalodon;
const step = (what) => console.log(`passed: megalodon: ${what}`);

const kind = await detector(origin);
must(kind === 'mastodon', kind);
step('find out that it speaks as Mastodon does');

const stranger = generator(kind, origin);
const app = await stranger.registerApp('drive', { scopes: ['read', 'write', 'follow'] });
const code = letIn(app.url, name, password);
const token = await stranger.fetchAccessToken(app.client_id, app.client_secret, code);
const api = generator(kind, origin, token.access_token);
step('register, and be let in');

const me = (await api.verifyAccountCredentials()).data;
must(me.username === name, me);
must((await api.getInstance()).data.version.startsWith('4.5.0'), 'instance');
step('credentials, instance');

const opinion = (await api.search(uri, { type: 'statuses', resolve: true })).data.statuses[0];
must(opinion.uri === uri, opinion);
const room = (await api.lookupAccount('rivers')).data;
must((await api.followAccount(room.id)).data.following, room);
must((await api.getHomeTimeline()).data.some((one) => one.id === opinion.id), 'home');
step('find an opinion, follow its topic, read home');

const reply = (await api.postStatus('The left bank too.', { in_reply_to_id: opinion.id })).data;
const below = async () => (await api.getStatusContext(opinion.id)).data.descendants;
must((await below()).some((one) => one.id === reply.id), reply);
must((await api.favouriteStatus(opinion.id)).data.favourites_count === 1, 'favourite');
must((await api.bookmarkStatus(opinion.id)).data.bookmarked, 'bookmark');
step('reply, read the thread, favourite, bookmark');

await api.postStatus('support: both banks were asked.', { in_reply_to_id: opinion.id });
must((await api.getNotifications()).data.some((one) => one.type === 'mention'), 'the receipt');
step('take a position by a keyword, and be told');

const stream = await api.userStreaming();
const heard = (event, fits) => within(new Promise((resolve) => stream.on(event, (told) => fits(told) && resolve(told))));
await heard('connect', () => true);
const told = [heard('update', (one) => one.content.includes('third bank')), heard('status_update', () => true), heard('delete', () => true)];
const third = (await api.postStatus('The third bank.', { in_reply_to_id: opinion.id })).data;
must((await told[0]).id === third.id, third);
await api.editStatus(third.id, { status: 'The fourth.' });
must((await told[1]).content.includes('The fourth'), 'the edit');
await api.deleteStatus(third.id);
must((await told[2]) === third.id, 'the deletion');
stream.stop();
step('listen to one\'s own stream: a post, an edit, a deletion');

const file = createReadStream(new URL('../../assets/avatar.png', import.meta.url));
const brought = (await api.uploadMedia(file, { description: 'A bank' })).data;
must(brought.type === 'image' && brought.url, brought);
const shown = (await api.postStatus('See the bank.', { in_reply_to_id: opinion.id, media_ids: [brought.id] })).data;
must(shown.media_attachments[0].description === 'A bank', shown);
await api.deleteStatus(shown.id);
step('bring a picture, show it in a reply');

await api.deleteStatus(reply.id);
await refused(() => api.getStatus(reply.id));
must(!(await api.unfollowAccount(room.id)).data.following, 'unfollow');
step('delete, unfollow');
