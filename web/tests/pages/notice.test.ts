import type { Page } from '@playwright/test';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { withChannel } from '../world/hosts.ts';
import { Planner } from '../world/planner.ts';
import { keep, sound } from '../world/sound.ts';
import { expect, picture, test } from '../world/test.ts';
import { dayIn } from '../world/today.ts';
import { like, say, type Language } from '../world/words.ts';

const scenario = (pool: number) => `format = 1
[community]
name = "Example Court"
timezone = "UTC"
[round]
purpose = "screening"
date = ${dayIn(0)}
opens = "00:00"
closes = "23:59"
pool = ${pool}
[site]
lanes = 1
green_channel = true
[[site.station]]
name = "registration"
servers = 1
service = { law = "constant", mean_s = 10 }
[[site.station]]
name = "sampling"
servers = 2
service = { law = "constant", mean_s = 10 }
[arrivals]
law = "waves"
[waves]
reaction = { law = "constant", mean_min = 3 }
`;
const ROLL = 'building,entrance,door,name\n1,1,101,Example A\n1,1,102,Example B\n1,2,101,Example C\n2,1,203,Example D\n';
const directive = () => `format = 1
level = "town"
issued_by = "Example Town"
date = ${dayIn(0)}
text = "1. At most ten share a tube. 2. Keep two metres apart. 3. Keep order."
[[clause]]
id = "1"
text = "At most ten share a tube."
kind = "pool"
at_most = 10
[[clause]]
id = "2"
text = "Keep two metres apart."
kind = "spacing"
at_least_m = 2
[[clause]]
id = "3"
text = "Keep order."
`;
const QUESTIONS = 'who,question,answer\n1-1,May I sit down?,Yes: there are chairs.\n2-1,"Is there water, please?",\n1-2,"is there water please",\n';
const files = (pool: number) => ({ 'scenario.toml': scenario(pool), 'roll.csv': ROLL, 'directive.toml': directive(), 'questions.csv': QUESTIONS });

const chat = (page: Page) => page.getByLabel(say('page.copy.text'));
const image = (page: Page) => page.getByRole('region', { name: say('page.notice.picture') }).getByRole('img');

test('a notice is seen and held against the directives, a question answered, and a correction says what it replaces', async ({ planner, page }) => {
  await planner.folder('example-court', files(3));
  await planner.settled();
  await planner.part('notice');
  await expect(chat(page)).toHaveValue(/\[Notice 1\]/);
  await expect(image(page)).toBeVisible();
  expect(await image(page).evaluate((shown: HTMLImageElement) => shown.naturalWidth)).toBeGreaterThan(0);
  for (const verdict of ['stricter', 'silent', 'unread']) await expect(page.getByText(say(`directive.verdict.${verdict}`), { exact: true })).toBeVisible();
  await expect(page.getByText(say('page.notice.clauses.silent', { n: 1 }))).toBeVisible();
  await sound(page, 390);
  await sound(page, 1440);
  await picture(page, 'notice-en');

  // Its own times for an entrance.
  await page.getByLabel(say('page.notice.for'), { exact: true }).fill('1-2');
  await expect(chat(page)).toHaveValue(/entrance 2/);
  await page.getByLabel(say('page.notice.for'), { exact: true }).fill('7');
  await expect(page.getByText(say('note.notice_nowhere', { place: '7', near: '2' }))).toBeVisible();
  await page.getByLabel(say('page.notice.for'), { exact: true }).fill('');

  // An answer to one is the answer to all, and stands in the folder as it was written, other columns too.
  const answer = page.getByLabel(say('page.notice.questions.answer', { question: 'Is there water, please?' }));
  await answer.fill('At the gate, and "free".');
  await page.getByRole('listitem').filter({ has: answer }).getByRole('button', { name: say('page.notice.questions.keep') }).click();
  await expect(chat(page)).toHaveValue(/A: At the gate, and "free"\./);
  await page.getByLabel(say('page.notice.questions.more')).fill('May my cat come?');
  await page.getByRole('button', { name: say('page.notice.questions.add') }).click();
  await expect(page.getByLabel(say('page.notice.questions.answer', { question: 'May my cat come?' }))).toBeVisible();
  await planner.saved();
  const kept = (await (await page.request.get(`${planner.host.address}api/v1/scenarios/${planner.id}`)).json()) as { files: Record<string, string> };
  const written = Buffer.from(kept.files['questions.csv'] ?? '', 'base64').toString();
  expect(written.replace('\ufeff', '')).toBe(
    'who,question,answer\n1-1,May I sit down?,Yes: there are chairs.\n2-1,"Is there water, please?","At the gate, and ""free""."\n1-2,is there water please,\n,May my cat come?,\n',
  );

  // Kept, and then corrected.
  await page.getByRole('button', { name: say('page.notice.keep') }).click();
  await expect(page.getByText(say('page.notice.kept', { n: 1 }))).toBeVisible();
  await page.getByRole('combobox', { name: say('page.notice.kind'), exact: true }).selectOption({ label: say('page.notice.kind.change') });
  await expect(page.getByText(like('note.notice_changes_nothing'))).toBeVisible();
  await page.getByLabel(say('page.notice.changed')).fill('We meet at the south gate.');
  await expect(chat(page)).toHaveValue(/This replaces notice 1/);
  await expect(chat(page)).toHaveValue(/We meet at the south gate\./);

  for (const [form, ending] of [['pdf', 'pdf'], ['docx', 'docx'], ['png', 'png'], ['script', 'txt'], ['xml', 'xml']]) {
    const given = page.waitForEvent('download');
    await page.getByRole('button', { name: say(`page.notice.file.${form}`), exact: true }).click();
    expect((await given).suggestedFilename()).toMatch(new RegExp(`\\.${ending}$`));
  }
});

test('a notice that is looser than a directive is refused, and the clause is seen', async ({ planner, page }) => {
  await planner.folder('example-court', files(20));
  await planner.part('notice');
  await expect(page.getByRole('alert').filter({ hasText: say('page.notice.clauses.looser', { n: 1 }) })).toBeVisible();
  await expect(page.getByText(say('directive.verdict.looser'), { exact: true })).toBeVisible();
  await expect(chat(page)).toHaveCount(0);
  await sound(page, 390);
});

const desk = async (page: Page, language: Language) => {
  await expect(page.getByRole('heading', { name: say('page.round.notices', {}, language), exact: true })).toBeVisible();
};

test('the desk issues the notice of its round, prints it, and counts who has it by entrance', async ({ planner }) => {
  const { page } = planner;
  await planner.folder('example-court', files(3));
  await planner.part('round');
  await page.locator('form select').selectOption(say('page.rounds.community.new'));
  await page.getByLabel(say('page.rounds.community.name')).fill(`Notice Court ${Date.now()}`);
  await page.getByRole('button', { name: say('page.rounds.make.do') }).click();
  await desk(page, 'en');
  await page.getByRole('button', { name: say('page.round.notices.issue') }).click();
  await expect(page.getByRole('heading', { name: like('page.round.notices.newest') })).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: '1-1' });
  await expect(row.getByRole('cell').first()).toHaveText('2');
  const given = page.waitForEvent('download');
  await page.getByRole('button', { name: say('page.round.notices.print') }).click();
  expect((await given).suggestedFilename()).toMatch(/\.pdf$/);
  await expect(row.getByRole('cell').nth(1)).toHaveText('1');
  await page.getByLabel(say('page.round.notices.told.at', { entrance: '1-1' })).fill('2');
  await page.getByLabel(say('page.round.notices.told.at', { entrance: '1-1' })).press('Enter');
  await expect(row.getByRole('cell').last()).toHaveText('0');
  // What hangs at the door, as anybody reads it, without a script.
  const link = String(await row.getByRole('link').getAttribute('href'));
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Example Court');
  await expect(page.getByText(say('notice.page.counted'))).toBeVisible();
  expect(await page.locator('script').count()).toBe(0);
  await sound(page, 390);
});

test('the desk chooses a channel, reads why it refused a notice, and sends it again', async ({ page }) => {
  test.slow();
  const asked: string[] = [];
  const receiver = createServer((request, response) => {
    request.resume();
    asked.push(String(request.headers['idempotency-key']));
    response.writeHead(asked.length === 1 ? 410 : 204).end();
  });
  await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready));
  const host = await withChannel('garden chat', (receiver.address() as AddressInfo).port);
  try {
    const planner = new Planner(page, host);
    await planner.folder('example-court', files(3));
    await planner.part('round');
    await page.locator('form select').selectOption(say('page.rounds.community.new'));
    await page.getByLabel(say('page.rounds.community.name')).fill('Channel Court');
    await page.getByRole('button', { name: say('page.rounds.make.do') }).click();
    await desk(page, 'en');
    await page.getByRole('checkbox', { name: /garden chat/ }).check();
    await page.getByRole('button', { name: say('page.round.notices.issue') }).click();
    await expect(page.getByText(say('page.round.channels.refused'), { exact: true })).toBeVisible({ timeout: 40_000 });
    await expect(page.getByText(/\(410\)/)).toBeVisible();
    await keep(page, 'notice-channels');
    await page.getByRole('button', { name: `${say('page.round.channels.again')}: garden chat` }).click();
    await expect(page.getByText(like('page.round.channels.sent'))).toBeVisible({ timeout: 40_000 });
    expect(new Set(asked).size, 'it had not arrived: the same key').toBe(1);
    // A correction goes where the notice went.
    await expect(page.getByRole('checkbox', { name: /garden chat/ })).toBeChecked();
    await sound(page, 390);
  } finally {
    await host.close();
    receiver.close();
  }
});
