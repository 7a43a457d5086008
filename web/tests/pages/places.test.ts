import { readFile } from 'node:fs/promises';
import { faults } from '../world/sound.ts';
import { expect, test } from '../world/test.ts';
import { openToday } from '../world/today.ts';
import { say } from '../world/words.ts';

const ROLL = 'building,door,name\n1,101,Example A\n1,102,Example C\n';

test('a committee sees its communities side by side, and the public sees no small number', async ({ planner }) => {
  const { page } = planner;
  await planner.round('Example Side Court', openToday('Example Side Court', { sampling: 1 }).scenario, ROLL);
  await page.getByRole('button', { name: say('page.round.open') }).click();
  await expect(page.getByText(say('page.round.phase.open'), { exact: true })).toBeVisible();

  await page.getByRole('link', { name: `← ${say('page.rounds')}` }).click();
  await page.getByText(say('page.sums', { name: 'Example Side Court' })).click();
  await expect(page.getByText(say('figure.people_called_is'))).toBeVisible();
  await page.getByRole('combobox', { name: say('language.choose') }).selectOption('zh');
  await expect(page.getByText(say('figure.people_called_is', {}, 'zh'))).toBeVisible();
  await page.getByRole('combobox', { name: say('language.choose', {}, 'zh') }).selectOption('en');
  await expect(page.getByText(say('figure.people_called_is'))).toBeVisible();
  const [text] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: say('page.sums.text') }).click()]);
  expect(await readFile(await text.path(), 'utf8')).toContain('Example Side Court');
  await page.getByRole('link', { name: say('page.places.side_by_side') }).click();
  const card = page.getByRole('article').filter({ hasText: 'Example Side Court' });
  await expect(card.getByText(/0 of 2/)).toBeVisible();
  await page.getByText(say('page.places.tree')).click();
  await page.getByLabel(say('page.places.name')).fill('North <b>Street</b>');
  await page.getByRole('button', { name: say('page.places.make') }).click();
  const put = page.waitForResponse((response) => response.request().method() === 'PUT');
  await page.getByLabel('Example Side Court').selectOption('North <b>Street</b>');
  await put;
  await page.getByRole('link', { name: 'North <b>Street</b>' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'North <b>Street</b>' })).toBeVisible();
  await expect(page.getByRole('article').filter({ hasText: 'Example Side Court' })).toBeVisible();

  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByText(say('page.places.figures'), { exact: true }).click();
  await expect(page.getByText(say('figure.doors_done_is'))).toBeVisible();
  await page.getByText(say('page.crews'), { exact: true }).click();
  await page.getByRole('button', { name: say('page.crews.another') }).click();
  await page.getByLabel(say('page.crews.col.from')).fill('00:00');
  await page.getByLabel(say('page.crews.col.until')).fill('23:59');
  await page.getByLabel(say('page.crews.at')).selectOption('Example Side Court');
  // What is typed while the rest is on its way stays, and is kept next.
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/api/v1/places/*/crews', async (route) => {
    if (route.request().method() === 'PUT') await held;
    await route.continue();
  });
  const sent = page.waitForRequest((request) => request.method() === 'PUT');
  await page.getByRole('button', { name: say('page.crews.keep') }).click();
  await sent;
  await page.getByLabel(say('page.crews.pace')).fill('77');
  go();
  await expect(page.getByRole('cell', { name: 'Example Side Court' })).toBeVisible();
  await expect(page.getByLabel(say('page.crews.pace'))).toHaveValue('77');
  await page.getByRole('button', { name: say('page.crews.keep') }).click();
  await expect(page.getByRole('button', { name: say('page.crews.agree') })).toBeEnabled();
  await expect(page.getByLabel(say('page.crews.pace'))).toHaveValue('77');
  await page.getByRole('button', { name: say('page.crews.agree') }).click();
  await expect(page.getByText(say('page.crews.agreed'))).toBeVisible();
  expect(await faults(page, { every: true })).toEqual([]);

  await page.getByRole('link', { name: say('page.places.status') }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('North <b>Street</b>');
  await expect(page.getByText(say('figure.not_released')).first()).toBeVisible();
  expect((await page.content()).length).toBeLessThan(6_000);
  await expect(page.locator('script')).toHaveCount(0);

  await page.goBack();
  await page.getByRole('link', { name: say('page.places.desk') }).click();
  await expect(page.getByText(say('page.round.phase.open'), { exact: true })).toBeVisible();
});
