// The queue tells in words why somebody stands where they stand, and can be narrowed and searched without
// anything of a person in an address or an index.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listAccounts, setOffices } from '../../src/store/people.ts';
import { phoneIndex } from '../../src/store/phone.ts';
import { transact } from '../../src/store/transact.ts';
import { transcriptOf } from '../../src/store/transcript.ts';
import { opened, said, startDesk, type TestDesk, told } from '../support/desk.ts';

let on: TestDesk;
let cookie = '';
const id = 'c_8f31';
const number = '+375 29 123-45-67';
beforeEach(async () => {
  on = await startDesk();
  await on.hook(opened(id, { answers: { needs: ['baby'], missing: ['sleep'], number } }));
  ({ cookie } = await on.signedIn('Amina', ['caseworker']));
});
afterEach(() => on.stop());

const plain = async (answer: Promise<Response>) => (await (await answer).text()).replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');
const queue = (query = '', as = cookie) => plain(on.get(`/desk${query}`, as));
const act = (verb: string, form: Record<string, string | string[]> = {}, as = cookie) => on.post(`/desk/cases/${id}/${verb}`, as, form);
const find = (q: string, as = cookie) => on.post('/desk/find', as, { q });

describe('a row', () => {
  it('says how long somebody waits, that nobody replied, and how much is left', async () => {
    on.clock.now += 25 * 60_000;
    expect(await queue()).toContain('Waiting 25 min · nobody has replied · answer within 35 min');
  });

  it('says by how much the target is missed', async () => {
    on.clock.now += 130 * 60_000;
    ({ cookie } = await on.signedIn('Later', ['caseworker']));
    expect(await queue()).toContain('Waiting 2 h 10 min · nobody has replied · 1 h 10 min over the target of 1 h');
  });

  it('follows the talk: on its way, not arrived, answered, written again', async () => {
    await act('claim');
    await act('reply', { text: 'Bonjour', once: 'aaaaaaaa' });
    expect(await queue()).toContain('a reply is on its way');
    const [first] = await transcriptOf(on.desk.keep, on.desk.seal, id);
    await on.hook(told('message.failed', id, 2, { message_id: first?.id, reason: 'channel_down' }));
    expect(await queue()).toContain('the last reply did not arrive');
    await act('reply', { text: 'Bonjour encore', once: 'bbbbbbbb' });
    const second = (await transcriptOf(on.desk.keep, on.desk.seal, id)).find((one) => one.state === 'queued');
    await on.hook(told('message.delivered', id, 3, { message_id: second?.id, possible_repeat: false }));
    const answered = await queue();
    expect(answered).toContain('Answered 0 min ago');
    expect(answered).not.toMatch(/nobody has replied|answer within/);
    await on.hook(said(id, 4, 'Merci'));
    expect(await queue()).toContain('the person wrote again');
  });

  it('shows a level set by hand beside what the rules say', async () => {
    expect((await act('level', { level: 'normal', reason: 'safe-now' })).status).toBe(303);
    await on.hook(opened('c_other', { ref: 'OTH-ER2', answers: { needs: ['health'], missing: ['nothing'] } }));
    const seen = await queue();
    expect(seen).toContain('Set to Normal by you: is safe now. The rules say: Urgent.');
    expect(seen.indexOf('OTH-ER2')).toBeLessThan(seen.indexOf('7K4-2PD'));
    expect(await queue('?level=urgent')).not.toContain('7K4-2PD');
    await act('level', { level: 'rules' });
    expect(await queue()).not.toContain('Set to');
    expect((await act('level', { level: 'high' })).status).toBe(422);
  });
});

describe('a filter', () => {
  beforeEach(async () => {
    await on.hook(opened('c_talk', { kind: 'talk', ref: 'TAL-K22', language: 'en', channel: 'web', country: 'gr' }));
    await on.hook(opened('c_calm', { ref: 'CAL-M22', answers: { needs: ['none'], missing: ['nothing'] }, country: 'fr' }));
  });

  it.for([
    ['?kind=talk', 'TAL-K22'],
    ['?level=urgent', '7K4-2PD'],
    ['?language=en', 'TAL-K22'],
    ['?channel=web', 'TAL-K22'],
    ['?office=gr', 'TAL-K22'],
    ['?level=normal&office=gr', 'TAL-K22'],
  ])('%s leaves %s alone', async ([query, ref]) => {
    const seen = await queue(query);
    expect(['7K4-2PD', 'TAL-K22', 'CAL-M22'].filter((one) => seen.includes(one))).toEqual([ref]);
  });

  it('by state, and by what is mine', async () => {
    await act('claim');
    expect(await queue('?status=claimed')).toContain('7K4-2PD');
    expect(await queue('?status=new')).not.toContain('7K4-2PD');
    expect(await queue('?view=mine')).not.toContain('TAL-K22');
  });

  it('that nobody knows is none', async () => {
    expect(await queue('?kind=%3Cscript%3E&level=worst')).toContain('TAL-K22');
  });

  it('of a kind is offered to those alone who see it', async () => {
    await on.hook(opened('c_shield', { kind: 'protection', ref: 'SHI-ELD' }));
    expect(await queue('?kind=protection')).not.toContain('SHI-ELD');
    expect(await queue('', (await on.signedIn('Shield', ['protection'])).cookie)).toContain('SHI-ELD');
  });
});

describe('an account of one office', () => {
  it('sees the requests of that office and those of none, and cannot open others', async () => {
    await on.hook(opened('c_athens', { ref: 'ATH-ENS', country: 'gr' }));
    await on.hook(opened('c_paris', { ref: 'PAR-IS2', country: 'fr' }));
    const { id: account, cookie: theirs } = await on.signedIn('Greta', ['caseworker']);
    const { cookie: admin } = await on.signedIn('Admin', ['administrator']);
    expect((await on.post(`/desk/people/${account}/offices`, admin, { office: ['gr', 'nowhere'] })).status).toBe(303);
    expect((await listAccounts(on.desk.keep)).find((one) => one.id === account)?.offices).toEqual(['gr']);
    const seen = await queue('', theirs);
    expect(['7K4-2PD', 'ATH-ENS', 'PAR-IS2'].filter((ref) => seen.includes(ref))).toEqual(['ATH-ENS', 'PAR-IS2']);
    expect((await on.get(`/desk/cases/${id}`, theirs)).status).toBe(404);
    expect((await act('claim', {}, theirs)).status).toBe(404);
    expect((await find('7K4 2pd', theirs)).status).toBe(200);
    expect((await on.post('/desk/cases/c_athens/claim', theirs)).status).toBe(303);
    expect(await plain(on.get('/desk/people', admin))).toContain('Sees requests of: Greece');
  });

  it('as a supervisor sees references of protection requests of that office alone', async () => {
    await on.hook(opened('c_shield', { kind: 'protection', ref: 'SHI-ELD' }));
    const { id: account, cookie: theirs } = await on.signedIn('Chief', ['supervisor']);
    expect(await queue('', theirs)).toContain('SHI-ELD');
    await transact(on.desk.keep, (tx) => setOffices(tx, account, ['gr']));
    expect(await queue('', theirs)).not.toContain('SHI-ELD');
  });
});

describe('a search', () => {
  it.for(['7K4-2PD', '7k4 2pd', ' 7k42pd '])('by the reference %s leads to the request', async (words) => {
    expect((await find(words)).headers.get('location')).toBe(`/desk/cases/${id}`);
  });

  it.for([number, '80291234567', '٢٩١٢٣٤٥٦٧'])('by the telephone number %s finds it', async (words) => {
    const answer = await find(words);
    expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
    expect(await answer.text()).toContain('7K4-2PD');
  });

  it('finds nothing that the reader may not see, and says the same as for nothing', async () => {
    await on.hook(opened('c_shield', { kind: 'protection', ref: 'SHI-ELD' }));
    const nothing = await (await find('NOT-HER')).text();
    expect(nothing).toContain('Nothing found that you may see.');
    expect(await (await find('SHI-ELD')).text()).toBe(nothing);
  });

  it('for a name is refused and says why; the log says what kind of search it was, not for what', async () => {
    expect((await find('Zohra')).status).toBe(422);
    await find(number);
    const rows = await on.desk.keep.selectFrom('audit').selectAll().where('action', '=', 'desk.searched').execute();
    expect(rows.map((row) => [row.actor, row.subject, row.detail])).toEqual([['a_amina', 'desk', 'phone']]);
  });

  it('has no number to read anywhere: only a keyed hash, gone when the request is purged', async () => {
    const stored = async () => (await on.desk.keep.selectFrom('cases').select('phone').where('id', '=', id).executeTakeFirst())?.phone;
    expect(await stored()).toBe(phoneIndex(on.desk.auditKey, number));
    expect(phoneIndex(Buffer.alloc(32, 9), number)).not.toBe(await stored());
    expect(JSON.stringify(await on.desk.keep.selectFrom('cases').selectAll().execute())).not.toContain('1234567');
    await act('claim');
    await act('close', { reason: 'done' });
    expect(await stored()).toBeNull();
    expect(await (await find(number)).text()).not.toContain('7K4-2PD');
  });
});

describe('two requests with one telephone number', () => {
  it('are shown to each other as possibly the same person, and nothing is joined', async () => {
    await on.hook(opened('c_again', { ref: 'AGA-IN2', answers: { needs: ['none'], missing: ['nothing'], number: '0291234567' } }));
    const seen = await plain(on.get(`/desk/cases/${id}`, cookie));
    expect(seen).toContain('Possibly the same person');
    expect(seen).toContain('AGA-IN2');
    expect((await on.desk.keep.selectFrom('cases').select('id').execute()).length).toBe(2);
    await on.hook(told('case.erased', 'c_again', 2));
    expect(await plain(on.get(`/desk/cases/${id}`, cookie))).not.toContain('AGA-IN2');
  });
});

describe('a hundred caseworkers who claim at once', () => {
  it('one gets it, and every other hears who', async () => {
    const people = await Promise.all(
      Array.from({ length: 100 }, (_, at) => on.signedIn(`W${String(at).padStart(3, '0')}`, ['caseworker'])),
    );
    const answers = await Promise.all(people.map((one) => act('claim', {}, one.cookie)));
    const won = answers.findIndex((answer) => answer.status === 303);
    expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1);
    const rest = await Promise.all(answers.filter((_, at) => at !== won).map((answer) => answer.text()));
    expect(rest.filter((page) => page.includes(`W${String(won).padStart(3, '0')} has claimed this request.`))).toHaveLength(99);
  });
});
