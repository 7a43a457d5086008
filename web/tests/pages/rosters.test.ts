import { sound } from '../world/sound.ts';
import { expect, test } from '../world/test.ts';
import { dayIn } from '../world/today.ts';
import { like, say } from '../world/words.ts';

const scenario = () => `format = 1
[community]
name = "Example Helpers"
timezone = "UTC"
[round]
purpose = "screening"
date = ${dayIn(1)}
opens = "00:00"
closes = "23:59"
[site]
lanes = 1
[[site.station]]
name = "registration"
servers = 1
service = { law = "constant", mean_s = 10 }
[arrivals]
law = "waves"
[waves]
reaction = { law = "constant", mean_min = 3 }
[roster]
suits = 9 # counted on Sunday
`;
const ROLL = 'building,door,name\n1,101,Example A\n';
const SHIFTS = 'role,from,until,people\nregistration,08:00,10:00,1\norder,10:00,12:00,1\ninterpreting,12:00,14:00,1\n';
const SHEET = 'name,phone,skills\nBob Example,1380013801,registration\nDai Example,1380013803,\n';

test('a volunteer is dragged to another shift and stays there, and what the roster is made by is set on the page', async ({ planner }) => {
  const { page } = planner;
  await planner.folder('example-helpers', { 'scenario.toml': scenario(), 'roll.csv': ROLL, 'shifts.csv': SHIFTS });
  await planner.part('round');
  await page.locator('form select').selectOption(say('page.rounds.community.new'));
  await page.getByLabel(say('page.rounds.community.name')).fill('Example Helpers');
  await page.getByRole('button', { name: say('page.rounds.make.do') }).click();
  await page.getByRole('link', { name: say('page.volunteers'), exact: true }).click();
  await page.locator('input[type=file]').setInputFiles({ name: 'volunteers.csv', mimeType: 'text/csv', buffer: Buffer.from(SHEET) });
  await expect(page.getByText('Dai Example').first()).toBeVisible();
  await page.getByRole('button', { name: say('page.volunteers.make') }).click();
  const shift = (time: string) => page.getByRole('article').filter({ hasText: time });
  const bob = (time: string) => shift(time).getByRole('button', { name: 'Bob Example' });
  await expect(bob('08:00–10:00')).toBeVisible({ timeout: 60_000 });

  // The mouse takes them by their name and lets go over another shift: nobody taps anything.
  await page.setViewportSize({ width: 1280, height: 1600 });
  await bob('08:00–10:00').dragTo(shift('12:00–14:00'));
  await expect(bob('12:00–14:00')).toBeVisible();
  await expect(bob('08:00–10:00')).toHaveCount(0);
  await expect(page.getByText(say('page.volunteers.pinned', { count: 1 }))).toBeVisible();
  await expect(page.getByText(like('rostered.broken', 'en')), 'nobody trained them to interpret').toBeVisible();
  // Made anew it stays so.
  await page.getByRole('button', { name: say('page.volunteers.again') }).click();
  await expect(page.getByRole('progressbar', { name: say('page.volunteers.making') })).toHaveCount(0, { timeout: 60_000 });
  await expect(bob('12:00–14:00')).toBeVisible();
  // Let go where they came from, nothing changes.
  await bob('12:00–14:00').dragTo(shift('12:00–14:00').getByRole('heading'));
  await expect(bob('12:00–14:00')).toBeVisible();

  const rules = page.locator('summary', { hasText: say('page.volunteers.rules') });
  await rules.click();
  const suits = page.getByLabel(say('page.volunteers.rules.suits'));
  await expect(suits).toHaveValue('9');
  await suits.fill('');
  await page.getByLabel(say('page.volunteers.rules.vests')).fill('12');
  await page.getByLabel(say('page.volunteers.rules.hot')).check();
  await page.getByLabel(say('page.volunteers.rules.from')).fill('11:00');
  await page.getByLabel(say('page.volunteers.rules.rotation')).check();
  await page.getByRole('button', { name: say('page.volunteers.rules.post') }).click();
  await page.getByLabel(say('page.volunteers.rules.people')).fill('3');
  await page.getByLabel(say('rule.nobody_nothing')).fill('250');
  await sound(page, 390, { every: true });
  await sound(page, 1280, { every: true });
  await page.getByRole('button', { name: say('page.volunteers.rules.keep') }).click();
  await expect(page.getByText(say('page.volunteers.rules.kept'))).toBeVisible();
  await page.reload();
  await rules.click();
  await expect(page.getByLabel(say('page.volunteers.rules.vests'))).toHaveValue('12');
  await expect(page.getByLabel(say('page.volunteers.rules.suits'))).toHaveValue('');
  await expect(page.getByLabel(say('page.volunteers.rules.from'))).toHaveValue('11:00');
  await expect(page.getByLabel(say('page.volunteers.rules.rotation'))).toBeChecked();
  await expect(page.getByLabel(say('page.volunteers.rules.people'))).toHaveValue('3');
  await expect(page.getByLabel(say('rule.nobody_nothing'))).toHaveValue('250');
});
