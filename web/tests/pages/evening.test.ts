import { readFileSync } from 'node:fs';
import { sound } from '../world/sound.ts';
import { expect, test } from '../world/test.ts';
import { openToday } from '../world/today.ts';
import { say } from '../world/words.ts';

const ROLL = 'building,door,name\n1,101,Example A\n1,101,Example B\n1,102,Example C\n2,203,Example D\n';

/** From a day at a desk to the next plan, and to the round of those who were missed. */
test('the evening tells how far a round came, and the next one begins from it', async ({ planner }) => {
  const { page } = planner;
  const { scenario, clock } = openToday('Example Court', { photo: 1 }, { purpose: 'registration-day', green: true });
  await planner.round('Example Court', scenario, ROLL);
  await page.getByRole('button', { name: say('page.round.open') }).click();
  await page.getByRole('button', { name: say('page.round.ahead.call', { wave: '1' }) }).click();
  await expect(page.getByText(say('page.round.ahead.called', { households: '2' }))).toBeVisible();
  const [, , community, round] = new URL(page.url()).hash.split('/');
  const shift = await page.request.post(new URL(`/api/v1/communities/${community}/rounds/${round}/paper/shift`, page.url()).href, {
    data: { sheet: '1', table: { station: 'photo', lane: 1, server: 1 }, rows: [{ row: 1, time: clock(), door: '101', people: '2', green: '1' }], write: true },
  });
  expect(await shift.json()).toMatchObject({ written: true, people: 2 });

  await page.getByRole('link', { name: say('page.evening'), exact: true }).click();
  await expect(page.getByText(say('page.evening.reach.people', { served: '2', people: '4', share: '50%' }))).toBeVisible();
  await expect(page.getByText(say('page.evening.reach.doors', { done: '1', doors: '3' }))).toBeVisible();
  await expect(page.getByText(say('page.evening.green.claimed', { people: '1' }))).toBeVisible();
  await expect(page.getByText(say('page.evening.missed.lead', { doors: '2', people: '2' }))).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: '203' })).toContainText(say('evening.why.not_called'));
  await expect(page.getByRole('row').filter({ hasText: '102' })).toContainText(say('evening.why.not_come'));
  await expect(page.getByRole('rowheader', { name: '101', exact: true })).toHaveCount(0);
  await expect(page.getByText('Example A')).toHaveCount(0);

  const saving = page.waitForEvent('download');
  await page.getByRole('link', { name: say('page.evening.missed.csv') }).click();
  const table = readFileSync(String(await (await saving).path()), 'utf8').split('\r\n').join('\n').trimEnd().split('\n');
  expect(table.slice(1)).toEqual(['1,,102,1,1,1,did not come', '2,,203,1,1,2,never called']);

  // The doors of each wave, as somebody walks to them; nobody asked for a visit.
  const listing = page.waitForEvent('download');
  await page.getByRole('button', { name: `CSV ${say('page.evening.walks.wave')}` }).click();
  expect(readFileSync(String(await (await listing).path()), 'utf8')).toContain(',2,,2,203,1,');
  await expect(page.getByRole('button', { name: `PDF ${say('page.evening.walks.visit')}` })).toBeDisabled();

  for (const width of [1280, 390]) await sound(page, width);

  // What was measured goes into the scenario's review by one tap.
  await page.getByRole('link', { name: say('page.evening.next.use') }).click();
  await expect(page.getByText('events.jsonl')).toBeVisible();
  await expect(page.getByRole('heading', { name: say('page.review.learned') })).toBeVisible({ timeout: 60_000 });
  await page.goBack();

  // And those who were missed have a round of their own.
  await page.getByRole('link', { name: say('page.evening.missed.round') }).click();
  await expect(page.getByLabel(say('page.rounds.missed.day'))).not.toHaveValue('');
  await page.getByRole('button', { name: say('page.rounds.make.do') }).click();
  await page.waitForURL((url) => url.hash.startsWith('#/round/') && !url.hash.endsWith(String(round)));
  await page.getByRole('link', { name: say('page.evening'), exact: true }).click();
  await expect(page.getByText(say('page.evening.reach.people', { served: '0', people: '2', share: '0%' }))).toBeVisible();
});
