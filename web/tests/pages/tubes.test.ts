import { expect, test as base, type Browser, type Page } from '@playwright/test';
import { generateKeyPairSync } from 'node:crypto';
import { Codes } from '../world/codes.ts';
import { twice } from '../world/glove.ts';
import { openToOthers, type OpenHost } from '../world/hosts.ts';
import { openToday } from '../world/today.ts';
import { look } from '../world/sound.ts';
import { like, say, type Language } from '../world/words.ts';

/** Two people have to let a positive one out, so everybody has an account. */
const test = base.extend<{ open: OpenHost }>({
  open: async ({}, use) => {
    const host = await openToOthers();
    await use(host);
    await host.close();
  },
});

const PASSWORD = 'four words of mine';
const ROLL = 'building,door,name,phone\n1,101,Example A,13800000001\n1,101,Example B,\n1,102,Example C,\n1,201,Example D,\n1,202,Example E,\n';

async function enter(page: Page, link: string, login: string, language: Language): Promise<void> {
  await page.goto(link.replace('#', `?lang=${language}#`));
  await page.getByLabel(say('page.access.login_name', {}, language)).fill(login);
  await page.getByLabel(say('page.access.password', {}, language)).fill(PASSWORD);
  await page.getByRole('button', { name: say('page.access.welcome.make', {}, language) }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('page.start.title', {}, language));
}

/** As the pages ask. */
async function ask<T>(page: Page, path: string, content: unknown): Promise<T> {
  const [status, text] = await page.evaluate(async ([path, body]) => {
    const answer = await fetch(`/api/v1/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: String(body) });
    return [answer.status, await answer.text()] as const;
  }, [path, JSON.stringify(content)]);
  expect(status, `${path}: ${text}`).toBeLessThan(300);
  return (text ? JSON.parse(text) : null) as T;
}

interface Round {
  path: string;
  /** The page's address behind its hash. */
  address: string;
  codes: Codes;
  /** Invitations: of the lab's, and of a secretary's. */
  link: string;
  second: string;
}

/** A round in which three tubes were filled, as a sheet of paper says; two of them and one that is lost are in a box at the lab. */
async function filled(page: Page, open: OpenHost): Promise<Round> {
  const community = (await ask<{ id: string }>(page, 'communities', { name: 'Example Court' })).id;
  const packed = (text: string) => Buffer.from(text).toString('base64');
  const files = { 'scenario.toml': packed(openToday('Example Court', { registration: 1, sampling: 1 }, { pool: 3 }).scenario), 'roll.csv': packed(ROLL) };
  const scenario = (await ask<{ id: string }>(page, 'scenarios', { files })).id;
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const round = (await ask<{ id: string }>(page, `communities/${community}/rounds`, { scenario, retain_until: until })).id;
  const path = `communities/${community}/rounds/${round}`;
  const { link: code } = await ask<{ link: string }>(page, `${path}/codes`, { role: 'sampler', table: { station: 'sampling', lane: 1, server: 1 } });
  const key = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
  const joined = await fetch(new URL('/api/v1/join', open.address), {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token: code.split('#')[1], public_key: key }),
  });
  const { bundle } = (await joined.json()) as { bundle: { tube_key: number[] } };
  const codes = new Codes(community, bundle.tube_key);
  await ask(page, `${path}/commands`, { commands: [{ type: 'OpenRound' }] });
  const doors = ['1-101', '1-102', '1-201', '1-202'];
  const sheet = (number: string, station: string, item: (place: number) => string) => ask<{ written: boolean }>(page, `${path}/paper/shift`, {
    sheet: number, table: { station, lane: 1, server: 1 }, write: true,
    rows: doors.map((door, place) => ({ row: place + 1, time: '0:00', door, people: place === 0 ? '2' : '1', green: '', item: item(place) })),
  });
  expect(await sheet('1', 'registration', () => '')).toMatchObject({ written: true });
  // Of the first household in one tube, the next two in a second, the last in a third.
  expect(await sheet('2', 'sampling', (place) => codes.tube([1, 2, 2, 3][place] ?? 0))).toMatchObject({ written: true });
  const lab = { kind: 'lab', id: crypto.randomUUID() };
  const tubes = [1, 2, 3].map((number) => codes.item(number));
  const commands = [
    ...tubes.map((item) => ({ type: 'SealTube', item })),
    { type: 'SealBatch', batch: codes.box(1), tubes },
    { type: 'ReceiveBatch', batch: codes.box(1), by: lab, tubes: 3, counted: true },
    { type: 'OpenBatch', batch: codes.box(1), missing: [codes.item(3)] },
  ];
  // One after another, as it happens.
  for (const command of commands) await ask(page, `${path}/commands`, { commands: [command] });
  const invited = async (role: string): Promise<string> => {
    const { link } = await ask<{ link: string }>(page, 'invitations', { grants: [{ role, place: community }] });
    return link.replace(/^.*\/welcome/, `${open.address}welcome`);
  };
  return { path, address: `#/tubes/${community}/${round}`, codes, link: await invited('lab'), second: await invited('secretary') };
}

/** A registrar's phone that joins by a code. */
async function registrar(browser: Browser, page: Page, open: OpenHost, round: Round, language: Language): Promise<Page> {
  const table = { station: 'registration', lane: 1, server: 1 };
  const { link } = await ask<{ link: string }>(page, `${round.path}/codes`, { role: 'registrar', table });
  const phone = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
  await phone.goto(`${open.address}join?lang=${language}#${link.split('#')[1]}`);
  await expect(phone.locator('header .truth')).toHaveText(new RegExp(say('page.station.sent', {}, language)));
  return phone;
}

async function lab(browser: Browser, round: Round, language: Language): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await enter(page, round.link, 'lina', language);
  // As a lab finds it: the start page, the rounds, its own.
  await page.getByRole('link', { name: say('page.rounds', {}, language) }).click();
  await page.getByRole('link', { name: /Example Court/ }).click();
  await expect(page).toHaveURL(new RegExp(round.address));
  await expect(page.getByRole('heading', { name: say('page.tubes.waiting', {}, language) })).toBeVisible();
  return page;
}

for (const language of ['en', 'zh'] as const) {
  test(`from two tubes to a positive one that is let out, and a call-back, ${language}`, async ({ page, open, browser }) => {
    const words = (key: string, gaps = {}) => say(key, gaps, language);
    await page.setViewportSize({ width: 390, height: 844 });
    await enter(page, open.first, 'anna', language);
    const round = await filled(page, open);
    const [one = '', two = '', three = ''] = [1, 2, 3].map((number) => round.codes.tube(number));
    const other = await lab(browser, round, language);
    const phone = await registrar(browser, page, open, round, language);

    // The desk: one tube was not found, and what is wrong names it.
    await page.goto(`${open.address}?lang=${language}${round.address.replace('tubes', 'round')}`);
    await page.getByRole('link', { name: words('page.tubes') }).click();
    await expect(page.getByText(words('custody.missing.next'))).toBeVisible();
    await page.getByText(words('page.tubes.which', { tubes: 1 })).first().click();
    await page.getByRole('button', { name: three }).click();
    await expect(page.getByText(like('custody.step.opened_missing', language))).toBeVisible();
    await expect(page.getByText(words('page.tubes.origin.paper')).first()).toBeVisible();
    // It has a label of another system, too, and is found by that.
    await page.getByText(words('page.tubes.label'), { exact: true }).click();
    await page.getByLabel(words('page.tubes.label.label')).fill('CITY-3');
    await page.getByLabel(words('page.tubes.label.issuer')).fill('city');
    await page.getByRole('button', { name: words('page.tubes.label.do'), exact: true }).click();
    await expect(page.getByText('city: CITY-3')).toBeVisible();

    // The lab sends a file: two rows are taken, one of no tube is kept aside, one says nothing.
    const csv = `管号,结果\n${one},阴性\n${two},阳性\nCITY-1,阴性\n${three},?\n`;
    await other.locator('input[type=file]').setInputFiles({ name: 'results.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    const taken = other.locator('dl', { hasText: words('page.tubes.file.refused') });
    await expect(taken).toHaveText(new RegExp(`${words('page.tubes.file.taken')}\\s*2.*${words('page.tubes.file.aside')}\\s*1.*${words('page.tubes.file.refused')}\\s*1`, 's'));
    await other.getByRole('button', { name: words('page.tubes.release.negative', { results: 1 }) }).click();
    await expect(other.getByText(words('page.tubes.release.out', { results: 1 }))).toBeVisible();
    await expect(other.getByText(words('page.tubes.release.two'))).toBeVisible();
    await look(other, `tubes-lab-waiting-${language}`);
    await other.getByRole('button', { name: words('page.tubes.release.do'), exact: true }).click();
    await expect(other.getByText(words('page.tubes.release.other'))).toBeVisible();
    await expect(other.getByText(words('page.tubes.call'))).toHaveCount(0);

    // A secretary is the second: whoever invited the lab is no other person.
    const second = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
    await enter(second, round.second, 'sofia', language);
    await second.goto(`${open.address}?lang=${language}${round.address}`);
    await expect(second.getByText(words('page.tubes.release.you'))).toBeVisible({ timeout: 30_000 });
    await look(second, `tubes-desk-waiting-${language}`);
    const news = phone.getByRole('button', { name: words('page.station.recall.news', { number: 2 }) });
    await expect(news).toHaveCount(0);
    // Two seconds are promised: it is told at once, to a question that waits, and nobody has to ask again.
    const pushed = (event: string) => phone.waitForResponse(async (answer) => answer.url().includes('&wait=') && (await answer.text()).includes(event));
    const release = pushed('ResultsReleased');
    await second.getByRole('button', { name: words('page.tubes.release.do'), exact: true }).click();
    const released = Date.now();
    await release;
    await expect(news).toBeVisible();
    test.info().annotations.push({ type: 'on the phone after', description: `${Date.now() - released} ms` });
    await look(phone, `tubes-phone-news-${language}`);
    await news.click();
    const called = phone.locator('li', { hasText: 'Example C' });
    await expect(called).toContainText('102');
    await look(phone, `tubes-phone-call-${language}`);
    await expect(page.getByText(words('page.tubes.call.count', { people: 2 }))).toBeVisible();
    await page.getByRole('button', { name: words('page.tubes.call.show') }).click();
    const person = page.locator('li', { hasText: 'Example C' });
    await expect(person).toContainText('1-102');
    expect(page.url()).not.toMatch(/Example%20C|1-102/);
    await look(page, `tubes-desk-call-${language}`);
    // What is said names nobody, and is of the tube.
    await person.getByText(words('page.tubes.call.say')).click();
    await expect(person.getByRole('textbox', { name: words('page.copy.text') })).toHaveValue(words('page.say.pool'));
    await look(page, `tubes-desk-say-${language}`);
    // The other one of the tube is sampled alone: a tap, and the code of the new tube.
    const alone = page.locator('li', { hasText: 'Example D' });
    await alone.getByRole('button', { name: words('page.tubes.call.alone.do') }).click();
    await page.keyboard.type(round.codes.tube(4));
    await page.keyboard.press('Enter');
    await expect(alone).toContainText(words('page.tubes.call.alone', { tube: round.codes.tube(4) }));
    let written = 0;
    page.on('request', (request) => (written += Number(request.method() === 'POST' && request.url().includes('/callbacks?'))));
    await twice(person.getByRole('button', { name: words('page.tubes.call.do.not_reached') }));
    await expect(person).toContainText(like('page.tubes.call.not_reached', language));
    expect(written).toBe(1);
    const reached = pushed('CalledBack');
    await person.getByRole('button', { name: words('page.tubes.call.do.reached') }).click();
    await expect(person).toContainText(like('page.tubes.call.reached', language));
    await expect(person.getByRole('button')).toHaveText([words('page.tubes.call.alone.do')]);
    // What the desk wrote down nobody does again.
    await reached;
    await expect(called).toContainText(like('page.station.recall.reached', language));
    await phone.context().close();

    // What was let out is given as a file, and of nobody.
    const href = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
    const given = await page.evaluate(async (at) => (await fetch(String(at))).text(), href);
    expect(given).toContain(two);
    expect(given).not.toContain('Example');
    await page.setViewportSize({ width: 1280, height: 900 });
    await look(page, `tubes-desk-wide-${language}`);

    // Whoever is told by their own link reads what it means for them, and no word that frightens.
    const community = round.path.split('/')[1] ?? '';
    const links = await page.evaluate(async (community) => {
      const at = async (path: string) => (await fetch(`/api/v1/communities/${community}/names${path}?why=copy`)).json();
      const residents = (await at('')) as { id: string }[];
      const copies = await Promise.all(residents.map(({ id }) => at(`/${id}/copy`)));
      return copies.map((copy) => (copy as { stays: { own: string }[] }).stays[0]?.own ?? '');
    }, community);
    expect(links).toHaveLength(5);
    const own = await (await browser.newContext({ viewport: { width: 360, height: 640 } })).newPage();
    const told: string[] = [];
    for (const link of links) {
      const { pathname, hash } = new URL(link);
      const answered = own.waitForResponse((response) => response.url().includes('/mine?'));
      await own.goto(`${new URL(pathname, open.address).href}?lang=${language}${hash}`);
      await answered;
      await expect(own.getByRole('heading', { level: 1 })).toHaveText(words('page.mine'));
      told.push((await own.locator('.said').textContent()) ?? '');
    }
    expect(new Set(told)).toEqual(new Set([words('own.negative'), words('own.again'), words('own.waiting')]));
    expect(told.join(' ')).not.toMatch(/positive|阳性/i);
    await look(own, `mine-${language}`);
    await own.context().close();
    await other.context().close();
  });
}
