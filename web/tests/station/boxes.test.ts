import type { Page } from '@playwright/test';
import { faults as ofPage } from '../world/sound.ts';
import { expect, test, Volunteer } from '../world/volunteer.ts';
import { say } from '../world/words.ts';
import type { RoundServer } from '../world/round_server.ts';

/** The first tube and the first boxes of the bundle's round, and a box of another round of the community. */
const TUBE = '89VM0-0001-ZT9T-F';
const [FIRST, SECOND] = ['X89VM0-0001-GJ8Z-P', 'X89VM0-0002-K97W-N'] as const;
const OTHER = '89VM0-0002-QA6T-S';
const MADE_UP = 'X89VM0-000J-MGXM-H';

/** What another phone recorded, at a time that has passed. */
function told(number: number, minutes: number, event: object): object {
  const at = new Date(Date.now() - minutes * 60_000).toISOString();
  return { id: `00000000-0000-0000-0000-0000000000${10 + number}`, community_id: '00000000-0000-0000-0000-000000000007', device: '00000000-0000-0000-0000-0000000000aa', seq: number, at, origin: 'real', ...event };
}

/** Faults of access, text that is hard to read, and what a thumb would miss. */
async function faults(page: Page): Promise<string[]> {
  const small = await page.evaluate(() => [...document.querySelectorAll('button, input')]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && (box.height < 48 || box.width < 48))
    .map(({ element }) => element.outerHTML.slice(0, 100)));
  return [...(await ofPage(page, { enhanced: true })), ...small];
}

async function oneTube(volunteer: Volunteer, server: RoundServer, language: string): Promise<void> {
  await volunteer.join(server.as('secretary'));
  await volunteer.digits('02');
  await volunteer.tapLike(/^1-102/);
  await volunteer.tap('check_in', { number: 4 });
  await volunteer.role('sampler');
  await volunteer.scan(TUBE);
  await volunteer.tapLike(language === 'en' ? /^Person/ : /^Person|^住户/);
  await volunteer.tap('tube.seal');
  await volunteer.tap('tube.seal.do', { number: 1 });
}

for (const [language, width, height] of [['en', 360, 640], ['zh', 360, 640], ['en', 390, 844]] as const) {
  test(`a box is closed, taken, handed over and opened, ${language}, ${width} × ${height}`, async ({ page, root, server }, info) => {
    await page.setViewportSize({ width, height });
    const volunteer = new Volunteer(page, root, language);
    const say = volunteer.say.bind(volunteer);
    const look = async (name: string) => {
      await page.screenshot({ path: info.outputPath(`${name}.png`) });
      expect.soft(await faults(page), name).toEqual([]);
    };
    await oneTube(volunteer, server, language);

    await volunteer.role('box');
    await expect(page.getByText(say('box.loose', { tubes: 1 }))).toBeVisible();
    await look('boxing');
    // A made-up box is refused here, without a network.
    await volunteer.scan(MADE_UP);
    await expect(page.getByRole('alert')).toBeVisible();
    await volunteer.tap('understood');
    await volunteer.scan(FIRST);
    await volunteer.tap('box.all', { tubes: 1 });
    await look('filling');
    await volunteer.tap('box.close');
    await expect(page.getByText(say('box.closed', { box: 'X0001', tubes: 1 }))).toBeVisible();
    await look('closed');

    await volunteer.role('courier');
    await volunteer.scan(FIRST);
    await look('taking');
    await volunteer.tap('box.take', { tubes: 1 });
    await expect(page.getByText(say('box.held', { boxes: 1 }))).toBeVisible();
    await look('held');
    // Scanned once more, it is his already: the code to hand it over by.
    await volunteer.scan(FIRST);
    await expect(page.locator('.code')).toHaveText(FIRST);
    await look('hand-over');
    await volunteer.tap('back');
    // Nobody has told this phone what is in the second one: whoever takes it counts.
    await volunteer.scan(SECOND);
    await expect(page.getByText(say('box.unheard'))).toBeVisible();
    for (let tap = 0; tap < 2; tap += 1) await volunteer.tap('box.more');
    await look('counting');
    await volunteer.tap('box.take', { tubes: 2 });
    await expect(page.getByText(say('box.held', { boxes: 2 }))).toBeVisible();
  });
}

test('at the lab a box is taken in and opened, and what is missing is said', async ({ volunteer, server, page }, info) => {
  await oneTube(volunteer, server, 'en');
  await volunteer.role('box');
  await volunteer.scan(FIRST);
  await volunteer.scan(TUBE);
  await volunteer.tap('box.close');
  await volunteer.role('lab');
  await volunteer.scan(FIRST);
  await volunteer.tap('box.more');
  await expect(page.getByText(volunteer.say('box.differs', { tubes: 1 }))).toBeVisible();
  await page.screenshot({ path: info.outputPath('differs.png') });
  await volunteer.tap('box.less');
  await volunteer.tap('box.take', { tubes: 1 });
  await volunteer.tap('box.open');
  await volunteer.tapLike(/^0001/);
  // A tube that stands on no list is scanned, and may be taken back as easily; one of the list is there.
  await volunteer.scan(OTHER);
  const extra = page.getByRole('button', { name: /^0002/ });
  await volunteer.touch(extra);
  await expect(extra).toHaveCount(0);
  await volunteer.scan(OTHER);
  await expect(extra).toHaveCount(1);
  await page.screenshot({ path: info.outputPath('inside.png') });
  expect(await faults(page)).toEqual([]);
  await volunteer.tap('box.inside.done', { missing: 1, spoiled: 0 });
  await expect(page.getByText(volunteer.say('box.opened', { box: 'X0001', missing: 1, spoiled: 0 }))).toBeVisible();
  await expect.poll(() => server.has).toBeGreaterThan(15);
});

for (const language of ['en', 'zh'] as const) {
  test(`a tube is given the label of another system, ${language}`, async ({ page, root, server }, info) => {
    await page.setViewportSize({ width: 360, height: 640 });
    const volunteer = new Volunteer(page, root, language);
    await oneTube(volunteer, server, language);
    await volunteer.role('label');
    const actions = volunteer.actions;
    await page.screenshot({ path: info.outputPath('own.png') });
    expect(await faults(page)).toEqual([]);
    await volunteer.scan(TUBE);
    await page.getByLabel(volunteer.say('label.whose')).fill('City lab');
    await page.screenshot({ path: info.outputPath('other.png') });
    expect(await faults(page)).toEqual([]);
    await volunteer.touch(page.getByRole('heading', { level: 1 }));
    // One of our own codes is no label of another system.
    await volunteer.scan(FIRST);
    await expect(page.getByRole('alert')).toContainText(volunteer.say('label.none.other'));
    await volunteer.tap('understood');
    await volunteer.scan('CITY-77');
    await expect(page.getByText(volunteer.say('label.done', { tube: '0001', label: 'CITY-77' }))).toBeVisible();
    expect(volunteer.actions - actions).toBe(4);
    // The next tube needs two scans: whose labels they are is known.
    await volunteer.scan(OTHER);
    await expect(page.getByLabel(volunteer.say('label.whose'))).toHaveValue('City lab');
    await volunteer.scan('CITY-77');
    await expect(page.getByRole('alert')).toContainText('0001');
  });
}

test('people of a tube that was not negative stand on the phone of the registrar', async ({ volunteer, server, page }, info) => {
  await oneTube(volunteer, server, 'en');
  await volunteer.role('recall');
  await expect(page.getByText(volunteer.say('recall.nobody'))).toBeVisible();
  await volunteer.role('sampler');
  const item = tubeItem(TUBE);
  const report = '00000000-0000-0000-0000-000000000777';
  // Nobody has to ask again: it is told to the question that waits.
  const pushed = page.waitForResponse(async (answer) => answer.url().includes('&wait=') && (await answer.text()).includes('ResultsReleased'));
  server.tell(
    told(1, 20, { type: 'ResultReported', report, item, finding: 'positive', lab: report, by: report }),
    told(2, 15, { type: 'ResultsReleased', reports: [report], by: '00000000-0000-0000-0000-0000000000b1' }),
    told(3, 10, { type: 'ResultsReleased', reports: [report], by: '00000000-0000-0000-0000-0000000000b2' }),
  );
  await pushed;
  await expect(page.getByText(volunteer.say('recall.news', { number: 1 }))).toBeVisible();
  await page.screenshot({ path: info.outputPath('news.png') });
  expect(await faults(page)).toEqual([]);
  await volunteer.tap('recall.news', { number: 1 });
  await expect(page.getByText(volunteer.say('recall', { number: 1 }))).toBeVisible();
  await page.screenshot({ path: info.outputPath('list.png') });
  await volunteer.tapLike(/^Person 1/);
  // They are in it alone: what is said is of them, and no word that frightens.
  await expect(page.getByText(say('page.say.contact'))).toBeVisible();
  await page.screenshot({ path: info.outputPath('person.png') });
  expect(await faults(page)).toEqual([]);
  await volunteer.tap('recall.do.not_reached');
  await volunteer.tapLike(/^Person 1/);
  await volunteer.scan(OTHER);
  await expect(page.getByText(volunteer.say('recall', { number: 0 }))).toBeVisible();
  await expect(page.locator('li').getByText(volunteer.say('recall.alone', { tube: '0002' }))).toBeVisible();
  await volunteer.tap('recall.back', { task: volunteer.say('role.sampler') });
  await expect(page.locator('header .where')).not.toContainText(volunteer.say('role.recall'));
  await expect(page.getByText(volunteer.say('recall.news', { number: 1 }))).toHaveCount(0);
});

/** A tube's identifier in events, from its code: 65 bits beside a mark in a version 8 identifier. */
function tubeItem(code: string): string {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const symbols = [...code.replaceAll('-', '').slice(0, -1)].map((letter) => BigInt(letters.indexOf(letter)));
  const bits = symbols.reduce((sum, symbol) => (sum << 5n) | symbol, 0n);
  const high = ((bits >> 62n) << 80n) | (0x8n << 76n) | (0x7ben << 64n) | (0x2n << 62n);
  const hex = (high | (bits & ((1n << 62n) - 1n))).toString(16).padStart(32, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
