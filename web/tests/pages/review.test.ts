import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shouhu } from '../world/programs.ts';
import { expect, picture, test } from '../world/test.ts';
import { say } from '../world/words.ts';

/** A day on which sampling takes far longer than the scenario says. */
const SLOW = 'site.station.sampling.service={ law = "lognormal", mean_s = 16, cv = 0.4 }';

/** Events of such a day, as `shouhu rehearse --events` writes them. */
function events(seed: number): Buffer {
  const place = mkdtempSync(join(tmpdir(), 'shouhu-events-'));
  const scenario = join(place, 'sunshine-garden');
  shouhu(['init', scenario, '--example', 'sunshine-garden']);
  shouhu(['rehearse', scenario, '--policy', 'waves', '--reps', '2', '--seed', String(seed), '--set', SLOW, '--events', join(place, 'events.jsonl')]);
  return readFileSync(join(place, 'events.jsonl'));
}

test('what was measured becomes the parameters of the next plan, and then it is said whether it helped', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('review');
  const drop = page.locator('input[type=file]');
  await drop.setInputFiles({ name: 'monday.jsonl', mimeType: 'application/jsonl', buffer: events(3) });
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
  await drop.setInputFiles({ name: 'tuesday.jsonl', mimeType: 'application/jsonl', buffer: events(4) });
  await expect(page.getByRole('heading', { name: say('page.review.helped') })).toBeVisible({ timeout: 60_000 });
});

test('stopwatch cards from a Chinese spreadsheet program are measured', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.part('review');
  await page.locator('input[type=file]').setInputFiles(join(import.meta.dirname, '../cards/gb18030.csv'));
  await expect(page.getByRole('heading', { name: say('page.review.stations') })).toBeVisible({ timeout: 60_000 });
  // Thirty people at registration for 30 s each, at sampling for 20 s.
  const times = page.getByRole('table').filter({ hasText: /sampling/i });
  await expect(times.getByRole('row', { name: /registration/i })).toContainText('30');
  await expect(times.getByRole('row', { name: /sampling/i })).toContainText('20');
});

test('an event file cut in the middle is reviewed as far as it goes, and says where it ends', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.part('review');
  const whole = events(5);
  await page.locator('input[type=file]').setInputFiles({ name: 'cut.jsonl', mimeType: 'application/jsonl', buffer: whole.subarray(0, Math.floor(whole.length * 0.6) + 7) });
  await expect(page.locator('.notes li').filter({ hasText: 'cut.jsonl' }).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.notes li .mend').first()).not.toBeEmpty();
});
