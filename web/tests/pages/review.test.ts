import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { cards, slowDay } from '../world/rounds.ts';
import { expect, picture, test } from '../world/test.ts';
import { like, say } from '../world/words.ts';

test('what was measured becomes the parameters of the next plan, and then it is said whether it helped', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('review');
  const drop = page.locator('input[type=file]');
  await drop.setInputFiles({ name: 'monday.jsonl', mimeType: 'application/jsonl', buffer: slowDay(3) });
  await expect(page.getByRole('heading', { name: say('page.review.learned') })).toBeVisible({ timeout: 60_000 });
  await picture(page, 'review-en');
  const lesson = page.getByRole('listitem').filter({ has: page.getByRole('checkbox') }).filter({ hasText: /sampling/i }).first();
  await expect(lesson.getByRole('checkbox')).toBeVisible();
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await page.getByRole('button', { name: say('page.review.learned.use') }).click();
  await expect(page.getByText(say('page.review.learned.used'))).toBeVisible();
  await page.getByRole('link', { name: say('page.review.learned.plan') }).click();
  await planner.saved();
  const kept = readFileSync(join(planner.host.data as string, 'scenarios', planner.id, 'scenario.toml'), 'utf8');
  expect(kept).toContain('[[lesson]]');

  // The next round: the same staff, planned with what was learned.
  await planner.part('review');
  await drop.setInputFiles({ name: 'tuesday.jsonl', mimeType: 'application/jsonl', buffer: slowDay(4) });
  const helped = page.locator('section').filter({ has: page.getByRole('heading', { name: say('page.review.helped') }) });
  await expect(helped.getByRole('listitem').first()).toBeVisible({ timeout: 60_000 });
  // That day was called as before and was as slow: no more than chance apart, and the figure is learned once more.
  const wait = helped.getByRole('listitem').filter({ hasText: say('review.measure.wait_p95_min') });
  await expect(wait.locator('b')).toHaveText(`≈ ${say('page.review.helped.same')}`);
  await expect(wait).toContainText(/sampling/i);
});

test('stopwatch cards from a Chinese spreadsheet program are measured', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.part('review');
  await page.locator('input[type=file]').setInputFiles(join(import.meta.dirname, '../cards/gb18030.csv'));
  await expect(page.getByRole('heading', { name: say('page.review.stations') })).toBeVisible({ timeout: 60_000 });
  // Planned and measured: all of the cards say 31 s at registration, and 17 s at sampling.
  const times = page.getByRole('table').filter({ hasText: /sampling/i });
  await expect(times.getByRole('row', { name: /registration/i })).toContainText(/14\s*31/);
  await expect(times.getByRole('row', { name: /sampling/i })).toContainText(/9\s*17/);
});

test('an event file cut in the middle is reviewed as far as it goes, and says where it ends', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.part('review');
  const whole = slowDay(5);
  await page.locator('input[type=file]').setInputFiles({ name: 'cut.jsonl', mimeType: 'application/jsonl', buffer: whole.subarray(0, Math.floor(whole.length * 0.6) + 7) });
  await expect(page.locator('.notes li').filter({ hasText: 'cut.jsonl' }).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.notes li .mend').first()).not.toBeEmpty();
});

test('the report is a document with the fields of a drill and an outline to fill in @anywhere', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('review');
  await page.locator('input[type=file]').setInputFiles({ name: 'monday.jsonl', mimeType: 'application/jsonl', buffer: slowDay(3) });
  await expect(page.getByRole('heading', { name: say('page.review.report') })).toBeVisible({ timeout: 60_000 });
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: say('page.review.report.docx') }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/\.docx$/);
  const parts = unzipSync(new Uint8Array(readFileSync(await download.path())));
  const document = strFromU8(parts['word/document.xml'] ?? new Uint8Array());
  for (const part of ['short', 'happened', 'planned', 'missed', 'learned', 'drill', 'action']) expect(document, part).toContain(`>${say(`review.part.${part}`)}<`);
  for (const heading of ['objectives', 'strengths', 'improve', 'actions']) expect(document, heading).toContain(`>${say(`review.action.${heading}`)}<`);
});

test('stopwatch cards are reviewed: their times are measured, and teach @anywhere', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('review');
  await page.locator('input[type=file]').setInputFiles({ name: 'cards.csv', mimeType: 'text/csv', buffer: Buffer.from(cards(120)) });
  // Registration takes 14 s in the scenario, and 24 s on the cards.
  const registration = page.getByRole('region', { name: say('page.review.stations') }).getByRole('row', { name: /registration/i });
  await expect(registration.getByRole('cell').nth(1)).toHaveText('24', { timeout: 60_000 });
  await expect(registration.getByText(say('page.review.inferred'))).toHaveCount(0);
  const lesson = page.getByRole('listitem').filter({ has: page.getByRole('checkbox') }).filter({ hasText: /registration/i });
  await expect(lesson.first()).toContainText('24');
});

test('a day that is slow on purpose teaches how slow it was', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('review');
  await page.getByRole('button', { name: like('page.review.try.slow') }).click();
  await expect(page.getByText(say('page.review.rehearsed.slow'))).toBeVisible({ timeout: 60_000 });
  // Registration is what holds this site up: 14 s, and a third more on that day.
  const registration = page.getByRole('region', { name: say('page.review.stations') }).getByRole('row', { name: /registration/i });
  await expect(registration.getByRole('cell').nth(1)).toHaveText(/^(18|19)(\.\d)?$/, { timeout: 60_000 });
});

test('a file that is too large for one round is left out, and it is said', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.part('review');
  const place = mkdtempSync(join(tmpdir(), 'shouhu-large-'));
  const path = join(place, 'all-year.jsonl');
  const file = openSync(path, 'w');
  // It holds nothing, and takes no place.
  ftruncateSync(file, 257 * 1024 * 1024);
  closeSync(file);
  await page.locator('input[type=file]').setInputFiles(path);
  await expect(page.getByText(say('page.review.too_large', { name: 'all-year.jsonl', mb: 256 }))).toBeVisible();
  await expect(page.getByRole('heading', { name: say('page.review.short') })).toHaveCount(0);
  rmSync(place, { recursive: true });
});

test('files that come while another is read are all taken, and one that cannot be read is said', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.part('review');
  // A file on a slow disk, and one that is there no more when it is read.
  await page.evaluate(() => {
    const read = Blob.prototype.arrayBuffer;
    const slow = new Promise<void>((resolve) => Object.assign(window, { spin: resolve }));
    Blob.prototype.arrayBuffer = async function (this: Blob & { name?: string }) {
      if (this.name === 'gone.csv') throw new Error('The file is gone.');
      if (this.name === 'monday.csv') await slow;
      return read.call(this);
    };
  });
  const field = page.locator('input[type=file]');
  const names = page.locator('.names li');
  const file = (name: string, people: number) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(cards(people)) });
  await field.setInputFiles(file('monday.csv', 60));
  await field.setInputFiles(file('tuesday.csv', 90));
  await expect(names).toHaveText(['tuesday.csv']);
  await page.evaluate(() => (window as unknown as { spin: () => void }).spin());
  await expect(names).toHaveText(['tuesday.csv', 'monday.csv']);
  // Only once all is read.
  await expect(page.getByText(say('page.review.busy'))).toHaveCount(0, { timeout: 60_000 });
  await field.setInputFiles(file('gone.csv', 10));
  await expect(page.getByRole('alert').filter({ hasText: 'The file is gone.' })).toBeVisible();
  await expect(names).toHaveText(['tuesday.csv', 'monday.csv']);
});
