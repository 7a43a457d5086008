import { expect, test } from '../world/test.ts';
import { openToday } from '../world/today.ts';
import { say } from '../world/words.ts';

const ROLL = 'building,door,name\n1,101,Example A\n1,101,Example B\n1,102,Example C\n';

test('whoever asks gets a copy, a correction, and is erased', async ({ planner }) => {
  const { page } = planner;
  await planner.round('Example Yard', openToday('Example Yard', { sampling: 1 }).scenario, ROLL);
  await page.getByRole('link', { name: say('page.people') }).click();

  await page.getByLabel(say('page.people.why')).selectOption('erasure');
  await page.getByRole('button', { name: say('page.people.look') }).click();
  await page.getByLabel(say('page.people.find')).fill('101');
  await expect(page.getByRole('button', { name: /^1-101/ })).toHaveCount(2);
  await page.getByLabel(say('page.people.find')).fill('example b');
  await page.getByRole('button', { name: /Example B/ }).click();
  // The id of a community, and a port, may hold any three digits.
  expect(new URL(page.url()).hash.replace(/[\da-f-]{36}/, '')).not.toMatch(/example|101/i);

  await page.getByLabel(say('page.people.name')).fill('<b>Example B2</b>');
  await page.getByRole('button', { name: say('page.people.save') }).click();
  await expect(page.getByRole('status')).toHaveText(say('page.people.saved'));
  await page.getByRole('button', { name: say('page.people.copy') }).click();
  await expect(page.getByRole('heading', { name: '1-101 <b>Example B2</b>' })).toBeVisible();
  for (const look of ['import', 'read', 'correct', 'copy'] as const) await expect(page.getByText(say(`page.people.look.${look}`)).last()).toBeVisible();
  await expect(page.getByText(say('page.people.why.erasure')).last()).toBeVisible();

  await page.getByRole('button', { name: say('page.people.erase'), exact: true }).click();
  await expect(page.getByText(say('page.people.erase.sure'))).toBeVisible();
  await page.getByRole('button', { name: say('page.people.erase.do') }).click();
  await expect(page.getByRole('status')).toHaveText(say('page.people.erased'));
  await page.getByRole('button', { name: say('page.people.other') }).click();
  await page.getByLabel(say('page.people.find')).fill('101');
  await expect(page.getByRole('button', { name: /^1-101/ })).toHaveText(/Example A/);

  await page.getByRole('link', { name: say('page.people.public') }).click();
  await expect(page.getByRole('heading', { name: 'Example Yard' })).toBeVisible();
  await expect(page.getByText(say('kept.yours.erase'))).toBeVisible();
});
