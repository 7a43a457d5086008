import type { Locator } from '@playwright/test';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { twice } from '../world/glove.ts';
import { RoundServer } from '../world/round_server.ts';
import { expect, test, type Volunteer } from '../world/volunteer.ts';

/** Tubes 1 to 3 of the bundle's round. */
const TUBES = ['89VM0-0001-ZT9T-F', '89VM0-0002-QA6T-S', '89VM0-0003-XS3A-G'] as const;
const DOORS = (JSON.parse(readFileSync(new URL('../world/bundle.json', import.meta.url), 'utf8')) as { doors: { door: string; code: string; people: { code: string }[] }[] }).doors;

async function checkIn(volunteer: Volunteer, door: string, people: number): Promise<void> {
  await volunteer.digits(door.slice(-2));
  await volunteer.tapLike(new RegExp(`^1-${door}`));
  await volunteer.tap('check_in', { number: people });
  await expect(volunteer.page.getByText(volunteer.say('checked_in', { door: `1-${door}`, number: people }))).toBeVisible();
}

test('a code is scanned, and a household of four is checked in with two taps after two digits', async ({ volunteer, server, page }) => {
  const since = Date.now();
  await volunteer.join(server);
  await checkIn(volunteer, '102', 4);
  expect(volunteer.actions).toBe(4);
  expect(Date.now() - since).toBeLessThan(60_000);
  await expect(volunteer.truth).toContainText(volunteer.say('sent'));
  expect(server.has).toBe(12);
  // The same household once more: nobody is left to check in.
  await volunteer.digits('02');
  await expect(page.getByRole('button', { name: /1-102/ })).toContainText(volunteer.say('here', { here: 4, number: 4 }));
});

test('a whole shift without a network: nothing is lost, and everything is sent when it is back', async ({ volunteer, server, page, context }) => {
  await volunteer.join(server);
  await volunteer.installed();
  await checkIn(volunteer, '102', 4);
  await expect(volunteer.truth).toContainText(volunteer.say('sent'));
  await server.cut(context, true);
  await checkIn(volunteer, '103', 2);
  await expect(volunteer.truth).toContainText(volunteer.say('offline', { number: 6 }));

  await volunteer.role('sampler');
  await volunteer.scan(TUBES[0]);
  await expect(page.locator('.code')).toHaveText('0001');
  // Whoever waits at this table is a tap away; the others are scanned.
  for (let place = 1; place <= 4; place += 1) {
    await volunteer.tapLike(/^Person/);
    // On a slow machine the next tap would still meet the one before.
    await expect(page.locator('.count')).toHaveText(`${place}/10`);
  }
  const scanned = DOORS.slice(4, 8).flatMap((door) => door.people).slice(0, 7);
  for (const [place, person] of scanned.slice(0, 6).entries()) {
    await volunteer.scan(person.code);
    if (place < 5) await expect(page.locator('.count')).toHaveText(`${place + 5}/10`);
  }
  await expect(page.getByText(volunteer.say('tube.full', { tube: '0001' }))).toBeVisible();
  // The eleventh: the tube is sealed.
  await volunteer.scan(TUBES[0]);
  await expect(page.getByRole('heading', { name: 'Tube 0001 is already sealed.' })).toBeVisible();
  await expect(page.getByText('Take a new tube.')).toBeVisible();
  await volunteer.tap('understood');
  await volunteer.scan(TUBES[1]);
  await volunteer.scan(scanned[0]?.code ?? '');
  await expect(page.getByRole('heading', { name: /^2-101 Person 1|^1-201 Person 1/ })).toContainText('already');
  await volunteer.tap('understood');
  await volunteer.scan(scanned[6]?.code ?? '');
  await expect(page.locator('.count')).toHaveText('1/10');

  const before = await volunteer.truth.textContent();
  await page.reload();
  await expect(volunteer.truth).toHaveText(before ?? '');
  await expect(page.locator('.code')).toHaveText('0002');
  await server.cut(context, false);
  await expect(volunteer.truth).toContainText(volunteer.say('sent'));
  expect(server.has).toBeGreaterThan(30);
});

test('what the storage does not take has not happened, and the screen says so', async ({ volunteer, server, page }) => {
  await volunteer.join(server);
  await checkIn(volunteer, '102', 4);
  await expect(volunteer.truth).toContainText(volunteer.say('sent'));
  await page.evaluate(() => {
    const add = IDBObjectStore.prototype.add;
    Object.assign(window, { mend: () => { IDBObjectStore.prototype.add = add; } });
    IDBObjectStore.prototype.add = () => { throw new DOMException('no space left', 'QuotaExceededError'); };
  });
  await volunteer.digits('03');
  await volunteer.tapLike(/^1-103/);
  await volunteer.tap('check_in', { number: 2 });
  await expect(page.getByRole('heading', { name: volunteer.say('fault') })).toBeVisible();
  await volunteer.tap('understood');
  expect(server.has).toBe(12);
  await page.evaluate(() => (window as unknown as { mend: () => void }).mend());
  // What was chosen is still chosen: one tap does it again.
  await volunteer.tap('check_in', { number: 2 });
  await expect(volunteer.truth).toContainText(volunteer.say('sent'));
  await expect.poll(() => server.has).toBe(18);
});

test('the last step can be taken back, and a leave-out and the green channel are one tap each', async ({ volunteer, server, page }) => {
  await volunteer.join(server);
  await volunteer.digits('04');
  await volunteer.tapLike(/^1-104/);
  await expect(page.getByText(volunteer.say('green', { number: 1 }))).toBeVisible();
  await volunteer.tapLike(/^Person 3/);
  await volunteer.tap('green.claim', { name: 'Person 1' });
  await expect(page.getByText(volunteer.say('green', { number: 2 }))).toBeVisible();
  await volunteer.tap('check_in', { number: 2 });
  await volunteer.tapLike(new RegExp(`^${volunteer.say('undo')}`));
  await expect(page.getByText(volunteer.say('undone'))).toBeVisible();
  await volunteer.digits('04');
  await volunteer.tapLike(/^1-104/);
  await expect(page.getByRole('button', { name: volunteer.say('check_in', { number: 3 }), exact: true })).toBeVisible();
});

test('somebody who is not on the roll is let in with four actions', async ({ volunteer, server, page }) => {
  await volunteer.join(server);
  await volunteer.tap('stranger');
  await volunteer.tap('guest.carer');
  await volunteer.tap('check_in', { number: 1 });
  await expect(page.getByText(volunteer.say('checked_in', { door: volunteer.say('guest.carer'), number: 1 }))).toBeVisible();
  expect(volunteer.actions).toBeLessThanOrEqual(4);
});

test('a phone offers the tasks of the role for which it joined, and no other', async ({ volunteer, server, page }) => {
  await volunteer.join(server.as('order'));
  await volunteer.tap('menu');
  const tasks = page.getByRole('group', { name: volunteer.say('seat') }).getByRole('button');
  await expect(tasks).toHaveText(['order', 'tally', 'box', 'label'].map((task) => volunteer.say(`role.${task}`)));
});

test('callers, order keepers and counters', async ({ volunteer, server, page }) => {
  await volunteer.join(server.as('secretary'));
  await volunteer.role('caller');
  const first = await page.locator('section h1').textContent();
  // That they were told of the notice is no answer: it stays their turn.
  await volunteer.tap('call.told');
  await expect(page.locator('section h1')).toHaveText(first ?? '');
  await expect(page.getByRole('button', { name: /^told of the notice \d\d:\d\d$/ })).toBeVisible();
  await volunteer.tap('call.coming');
  await expect(page.locator('section h1')).not.toHaveText(first ?? '');
  await expect(page.getByRole('button', { name: new RegExp(`^${first ?? ''}\\b.*coming`) })).toBeVisible();
  // What was booked for the next door in another system is told there, and a telephone is no code.
  await volunteer.touch(page.getByText(volunteer.say('booked'), { exact: true }));
  const code = page.getByLabel(volunteer.say('booked'));
  await code.fill('ab-4711');
  await code.press('Enter');
  await expect(page.locator('section').getByText('booked elsewhere: AB-4711')).toBeVisible();
  await code.fill('13800138000');
  await code.press('Enter');
  await expect(page.getByText('no more than 6 digits in a row')).toBeVisible();
  await volunteer.tap('understood');
  await volunteer.role('order');
  for (let tap = 0; tap < 3; tap += 1) await volunteer.tap('order.more');
  await volunteer.tap('order.write', { number: 3 });
  await expect(page.getByText(volunteer.say('order.last', { number: 3, minutes: 0 }))).toBeVisible();
  await volunteer.role('tally');
  await volunteer.tapLike(/^In/);
  await volunteer.tapLike(/^In/);
  await volunteer.tapLike(/^Out/);
  await expect(page.locator('.gates b')).toHaveText(['2', '1']);
});

test('most people take no more than three actions', async ({ volunteer, server, page }) => {
  await volunteer.join(server);
  const each: number[] = [];
  for (const place of [0, 1, 2, 3, 5, 6]) {
    const door = DOORS[place];
    if (!door) throw new Error('no door');
    const before = volunteer.actions;
    await volunteer.scan(door.code);
    await volunteer.tap('check_in', { number: door.people.length });
    await expect(page.getByText(volunteer.say('checked_in', { door: `1-${door.door}`, number: door.people.length }))).toBeVisible();
    const actions = volunteer.actions - before;
    each.push(...door.people.map(() => actions / door.people.length));
  }
  each.sort((a, b) => a - b);
  expect(each[each.length >> 1]).toBeLessThanOrEqual(3);
});

test('a glove that taps twice does one thing', async ({ volunteer, server, page }) => {
  await volunteer.join(server);
  const stranger = async (tap: (button: Locator) => Promise<void>): Promise<number> => {
    const before = server.has;
    await volunteer.tap('stranger');
    await volunteer.tap('guest.carer');
    await tap(page.getByRole('button', { name: volunteer.say('check_in', { number: 1 }), exact: true }));
    await expect.poll(() => server.has).toBeGreaterThan(before);
    await expect(volunteer.truth).toContainText(volunteer.say('sent'));
    return server.has - before;
  };
  expect(await stranger(twice)).toBe(await stranger((button) => button.click()));
  // Of the two, the last one alone is taken back, though the second tap comes when that is done.
  const undo = page.getByRole('button', { name: new RegExp(`^${volunteer.say('undo')}`) });
  await undo.evaluate((button: HTMLElement) => {
    const at = performance.now();
    performance.now = () => at;
    button.click();
  });
  await expect(page.getByText(volunteer.say('undone'))).toBeVisible();
  await undo.evaluate((button: HTMLElement) => {
    const at = performance.now() + 450;
    performance.now = () => at;
    button.click();
  });
  await expect(volunteer.truth).toContainText(volunteer.say('sent'));
  await expect(undo).toBeVisible();
  // Later it is meant.
  await undo.evaluate((button: HTMLElement) => {
    const at = performance.now() + 100;
    performance.now = () => at;
    button.click();
  });
  await expect(undo).toHaveCount(0);
});

test('a glove that taps twice answers for one door, and hands out one card', async ({ volunteer, server, page }) => {
  await volunteer.join(server.as('secretary'));
  await volunteer.role('caller');
  const door = page.locator('section h1');
  const doors = await page.locator('.rows .row-button > span').allTextContents();
  await expect(door).toHaveText(doors[0] ?? '');
  await page.evaluate(() => {
    const at = performance.now();
    performance.now = () => at;
  });
  const coming = page.getByRole('button', { name: volunteer.say('call.coming'), exact: true });
  await twice(coming);
  await expect(door).toHaveText(doors[1] ?? '');
  await coming.click();
  // Steps are done one after another: once this one is, the tap before it has done what it does.
  await volunteer.tap('call.told');
  await expect(page.getByRole('button', { name: /^told of the notice \d\d:\d\d$/ })).toBeVisible();
  await expect(door).toHaveText(doors[1] ?? '');
  await volunteer.role('order');
  await volunteer.tap('card.more');
  await twice(page.getByRole('button', { name: volunteer.say('card.hand', { card: 2 }) }));
  await expect(page.getByText(volunteer.say('card.handed', { card: 2 }))).toBeVisible();
  await page.getByRole('button', { name: volunteer.say('card.hand', { card: 3 }) }).click();
  await volunteer.tap('order.write', { number: 0 });
  await expect(page.getByText(volunteer.say('order.written', { number: 0 }))).toBeVisible();
  await expect(page.getByRole('button', { name: volunteer.say('card.hand', { card: 3 }) })).toBeVisible();
});

test('a glove that taps twice while the screen changes does not tap what comes under it', async ({ volunteer, server, page }) => {
  await volunteer.join(server);
  await volunteer.tap('stranger');
  await volunteer.tap('guest.carer');
  // One finger: it checks in, and falls again where a key has come meanwhile.
  const typed = await page.getByRole('button', { name: volunteer.say('check_in', { number: 1 }), exact: true }).evaluate(async (button) => {
    const { left, top, width, height } = button.getBoundingClientRect();
    const [clientX, clientY] = [left + width / 2, top + height / 2];
    const field = () => document.querySelector<HTMLInputElement>('input.field');
    const tap = async (at: number): Promise<string> => {
      const click = new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1, clientX, clientY });
      Object.defineProperty(click, 'timeStamp', { value: at });
      document.elementFromPoint(clientX, clientY)?.dispatchEvent(click);
      await new Promise((go) => setTimeout(go, 50));
      return field()?.value ?? '–';
    };
    const begun = performance.now();
    await tap(begun);
    while (!field()) await new Promise((go) => setTimeout(go, 10));
    return { soon: await tap(begun + 300), meant: await tap(begun + 900) };
  });
  expect(typed).toEqual({ soon: '', meant: '0' });
});

test('the end of a shift leaves nothing on the phone', async ({ volunteer, server, page, context }) => {
  await volunteer.join(server);
  await server.cut(context, true);
  await checkIn(volunteer, '102', 4);
  await volunteer.tap('menu');
  await volunteer.tap('end');
  await volunteer.tap('end.do');
  await expect(page.getByText(volunteer.say('end.waits', { number: 12 }))).toBeVisible();
  // There is news, too: it comes too late for this phone.
  server.tell({
    id: '00000000-0000-4000-8000-0000000000f1', community_id: server.bundle.community, device: '00000000-0000-4000-8000-000000000091',
    seq: 1, at: new Date().toISOString(), origin: 'real', type: 'RoundOpened',
  });
  await server.cut(context, false);
  await expect(page.getByRole('heading', { name: volunteer.say('ended') })).toBeVisible();
  expect(server.has).toBe(12);
  // An answer that comes late finds nobody.
  await page.waitForTimeout(500);
  const left = await page.evaluate(async () => {
    const base = await new Promise<IDBDatabase>((resolve) => { const open = indexedDB.open('shouhu-station'); open.onsuccess = () => resolve(open.result); });
    const count = (name: string) => new Promise<number>((resolve) => { const asked = base.transaction(name).objectStore(name).count(); asked.onsuccess = () => resolve(asked.result); });
    return Promise.all([...base.objectStoreNames].map(count));
  });
  expect(left).toEqual([0, 0, 0]);
});

test('names are stored only as what a key makes of them, and are gone at their date', async ({ volunteer, server, page }) => {
  await volunteer.join(server);
  const stored = await page.evaluate(async () => {
    const base = await new Promise<IDBDatabase>((resolve) => { const open = indexedDB.open('shouhu-station'); open.onsuccess = () => resolve(open.result); });
    const asked = base.transaction('things').objectStore('things').getAll();
    await new Promise((resolve) => { asked.onsuccess = resolve; });
    return { text: JSON.stringify(asked.result), key: (asked.result as unknown[]).some((of) => of instanceof CryptoKey && !of.extractable) };
  });
  expect(stored.key).toBe(true);
  expect(stored.text).not.toContain('Person');
  await checkIn(volunteer, '102', 4);
  await page.clock.setFixedTime(Date.now() + 13 * 3_600_000);
  await expect(page.getByText(volunteer.say('roll.gone'))).toBeVisible();
  await page.reload();
  await expect(page.getByText(volunteer.say('roll.gone'))).toBeVisible();
});

test('the server is busy, puts something aside, loses its log, removes the phone: the work goes on', async ({ volunteer, server, page }) => {
  await volunteer.join(server);
  server.instead = { status: 503, headers: { 'retry-after': '1' } };
  await checkIn(volunteer, '101', 3);
  await expect(volunteer.truth).toContainText(volunteer.say('unsent', { number: 9 }));
  server.instead = null;
  await expect(volunteer.truth).toContainText(volunteer.say('sent'));
  server.lose();
  await checkIn(volunteer, '102', 4);
  await expect.poll(() => server.has).toBe(21);
  server.instead = { status: 200, json: { kind: 'quarantined', number: 3, why: 'bytes' } };
  await checkIn(volunteer, '103', 2);
  await expect(page.getByText(volunteer.say('aside.number', { number: 3 }))).toBeVisible();
  server.instead = { status: 403 };
  await checkIn(volunteer, '104', 3);
  await expect(volunteer.truth).toContainText(volunteer.say('removed', { number: 15 }));
});

test('what failed while the network came back is sent at once', async ({ volunteer, server, page }) => {
  await volunteer.join(server);
  await expect(volunteer.truth).toContainText(volunteer.say('sent'));
  // Whatever waits for a while waits for days.
  await page.evaluate(() => { Math.random = () => 1e6; });
  let sent = 0;
  await page.route('**/api/v1/communities/*/logs/*', async (route) => {
    sent += 1;
    if (sent > 1) return route.fallback();
    await page.evaluate(() => void dispatchEvent(new Event('online')));
    await route.abort('internetdisconnected');
  });
  await checkIn(volunteer, '102', 4);
  await expect.poll(() => server.has).toBe(12);
  await expect(volunteer.truth).toContainText(volunteer.say('sent'));
});

test('another tab does not write beside this one', async ({ volunteer, server, page, context }) => {
  await volunteer.join(server);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByRole('heading', { name: volunteer.say('elsewhere') })).toBeVisible();
  await other.getByRole('button', { name: volunteer.say('elsewhere.here') }).click();
  await expect(other.locator('header .truth')).toBeVisible();
  await expect(page.getByRole('heading', { name: volunteer.say('elsewhere') })).toBeVisible();
});

test('a stopwatch card is handed out by one phone and begun at a table by a tap', async ({ volunteer, server, page }) => {
  await volunteer.join(server);
  await volunteer.role('order');
  await volunteer.tap('card.hand', { card: 1 });
  await expect(page.getByText(volunteer.say('card.handed', { card: 1 }))).toBeVisible();
  // The number on the card in the hand is another than the next.
  await volunteer.tap('card.more');
  await volunteer.tap('card.hand', { card: 3 });
  await expect(page.getByText(volunteer.say('card.handed', { card: 3 }))).toBeVisible();
  await volunteer.role('registrar');
  const waiting = page.getByRole('group', { name: volunteer.say('card') }).getByRole('button');
  await expect(waiting).toHaveText([1, 3].map((card) => volunteer.say('card.short', { card })));
  await volunteer.tap('card.begin', { card: 1 });
  await expect(waiting).toHaveText([volunteer.say('card.short', { card: 3 })]);
  await volunteer.scan('SW003');
  await expect(page.getByText(volunteer.say('card.begun', { card: 3 }))).toBeVisible();
  await expect(waiting).toHaveCount(0);
  await volunteer.role('order');
  await expect(page.getByText(/^By the last stopwatch card: 0 min/)).toBeVisible();
  // Scanned instead of counted to; and what is shown at the last table is back.
  await volunteer.scan('SW020');
  await expect(page.getByText(volunteer.say('card.handed', { card: 20 }))).toBeVisible();
  await volunteer.role('sampler');
  await volunteer.tap('card.begin', { card: 1 });
  await volunteer.role('order');
  await expect(page.getByRole('button', { name: volunteer.say('card.hand', { card: 21 }) })).toBeVisible();
  await volunteer.tap('card.back', { card: 1 });
  await volunteer.tap('card.hand', { card: 1 });
  await expect(page.getByRole('button', { name: volunteer.say('card.hand', { card: 21 }) })).toBeVisible();
  await volunteer.scan('6901234567892');
  await expect(page.getByRole('heading', { name: volunteer.say('card.none', { text: '6901234567892' }) })).toBeVisible();
});

test('a card of another system is known once its door was found', async ({ volunteer, server, page }) => {
  await volunteer.join(server);
  await volunteer.scan('6901234567892');
  await expect(page.getByRole('heading', { name: volunteer.say('code') })).toBeVisible();
  await checkIn(volunteer, '102', 4);
  await volunteer.scan('6901234567892');
  await expect(page.getByRole('heading', { name: '1-102' })).toBeVisible();
  await volunteer.tap('other_door');
  // Somebody who is not on the roll, by a card.
  await volunteer.scan('LIB-2040-1181');
  await volunteer.tap('stranger');
  await volunteer.tap('guest.visitor');
  await volunteer.tap('check_in', { number: 1 });
  await expect(page.getByRole('heading', { name: volunteer.say('who') })).toBeVisible();
  await volunteer.scan('LIB-2040-1181');
  await expect(page.getByRole('heading', { name: /is here already$/ })).toBeVisible();
  await volunteer.tap('understood');
  // A tube is no card of anybody, nor is a door that was typed wrongly.
  await volunteer.scan('99301');
  await expect(page.getByRole('heading', { name: volunteer.say('unknown', { text: '99301' }) })).toBeVisible();
});

test('a card that looks like one of ours is linked, and a wrong link is mended', async ({ volunteer, server, page }) => {
  await volunteer.join(server);
  // As long as a tube without its community.
  await volunteer.scan('E12345678');
  await volunteer.tap('code.own');
  await expect(page.getByRole('heading', { name: volunteer.say('code') })).toBeVisible();
  await checkIn(volunteer, '102', 4);
  await volunteer.scan('E12345678');
  await expect(page.getByRole('heading', { name: '1-102' })).toBeVisible();
  // It was the neighbours', of whom all are here already.
  await volunteer.tap('other_door');
  await checkIn(volunteer, '103', 2);
  await volunteer.scan('E12345678');
  await volunteer.tap('code.not_theirs');
  await volunteer.digits('03');
  await volunteer.tapLike(/^1-103/);
  await volunteer.tap('code.theirs');
  await expect(page.getByText(volunteer.say('code.linked', { door: '1-103' }))).toBeVisible();
  await volunteer.scan('E12345678');
  await expect(page.getByRole('heading', { name: '1-103' })).toBeVisible();
});

test('a household is checked in although another phone linked its card first', async ({ volunteer, server, page }) => {
  const code = createHmac('sha256', Buffer.alloc(32, 5)).update('shouhu/code/1\0LIB20401181').digest().subarray(0, 16);
  code[6] = ((code[6] ?? 0) & 15) | 128;
  code[8] = ((code[8] ?? 0) & 63) | 128;
  const uuid = (of: string) => of.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  await volunteer.join(server);
  await volunteer.scan('LIB-2040-1181');
  await volunteer.digits('02');
  await volunteer.tapLike(/^1-102/);
  server.tell({
    id: uuid('f'.repeat(32)), community_id: server.bundle.community, device: uuid('9'.repeat(32)), seq: 1,
    at: new Date().toISOString(), origin: 'real', type: 'CodeLinked', code: uuid(code.toString('hex')), household: uuid('7'.repeat(32)),
  });
  // It asks for what comes after that once it has heard it.
  const heard = page.waitForRequest(/told\?after=1\b/);
  await page.evaluate(() => void dispatchEvent(new Event('online')));
  await heard;
  await volunteer.tap('check_in', { number: 4 });
  await expect(page.getByRole('heading', { name: /linked to somebody else/ })).toBeVisible();
  await volunteer.tap('understood');
  await volunteer.tap('check_in', { number: 4 });
  await expect(page.getByText(volunteer.say('checked_in', { door: '1-102', number: 4 }))).toBeVisible();
});

test.describe('where people are watched after a dose', () => {
  test.use({ server: async ({}, use) => use(new RoundServer((bundle) => {
    const [, second] = bundle.rules.stations;
    Object.assign(second ?? {}, { observe: 600_000 });
    Object.assign(bundle.rules, { gives: ['dose', [1]] });
  })) });

  test('they are let go one by one or together, and not before their time', async ({ volunteer, server, page }) => {
    await page.clock.install();
    await volunteer.join(server);
    await checkIn(volunteer, '102', 4);
    await volunteer.role('sampler');
    for (let left = 3; left >= 0; left -= 1) {
      await volunteer.tapLike(/^1-102|^Person/);
      await expect(page.getByRole('button', { name: /^1-102|^Person/ })).toHaveCount(left);
    }
    await volunteer.role('watch');
    await expect(page.getByRole('heading', { name: volunteer.say('watch', { number: 4 }) })).toBeVisible();
    await expect(page.getByRole('button', { name: /Person 1/ })).toHaveClass(/waits/);
    await volunteer.tapLike(/Person 1/);
    await expect(page.getByRole('heading', { name: /should stay until/ })).toBeVisible();
    await volunteer.tap('understood');
    await page.clock.fastForward(61_000);
    await volunteer.tapLike(/Person 1.*May go/);
    await expect(page.getByRole('heading', { name: volunteer.say('watch', { number: 3 }) })).toBeVisible();
    await volunteer.tap('watch.all', { number: 3 });
    await expect(page.getByRole('heading', { name: volunteer.say('watch.nobody') })).toBeVisible();
  });
});
