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
date = ${dayIn(0)}
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
`;
const ROLL = 'building,door,name\n1,101,Example A\n1,102,Example C\n';
/** In the hours to come, whenever the test runs. */
const shifts_on = (day: string) => `role,date,from,until,people\nregistration,${day},08:00,10:00,2\nregistration,${day},10:00,12:00,1\norder,${day},08:00,10:00,1\ninterpreting,${day},08:00,10:00,1\n`;
const SHEET = 'name,phone,skills\nBob Example,1380013801,registration\nCem Example,1380013802,registration\nDai Example,1380013803,\n';

test('whoever scans the code has a page of their own, and the desk makes the roster, pins, and replaces a drop-out', async ({ planner, another }) => {
  const { page } = planner;
  await planner.folder('example-helpers', { 'scenario.toml': scenario(), 'roll.csv': ROLL, 'shifts.csv': shifts_on(dayIn(1)) });
  await planner.part('round');
  await page.locator('form select').selectOption(say('page.rounds.community.new'));
  // The plan's own name stands there already.
  await expect(page.getByLabel(say('page.rounds.community.name'))).toHaveValue('example-helpers');
  await page.getByLabel(say('page.rounds.community.name')).fill('Example Helpers');
  await page.getByRole('button', { name: say('page.rounds.make.do') }).click();
  // The site's clocks are those of UTC, and this browser's those of Shanghai: what stands there is the site's.
  await expect(page.locator('.facts').first()).toContainText(/12:00.AM.*UTC/);
  await page.getByRole('link', { name: say('page.volunteers'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Example Helpers' })).toBeVisible();
  await page.getByRole('button', { name: say('page.volunteers.code.open') }).click();
  const link = await page.getByRole('link', { name: /\/volunteer#/ }).getAttribute('href');

  const phone = (await another()).page;
  await phone.setViewportSize({ width: 390, height: 844 });
  await phone.goto(link ?? '');
  await phone.getByLabel(say('page.volunteer.name')).fill('Ann <b>Example</b>');
  await phone.getByLabel(say('page.volunteer.phone')).fill('138 0013 8000');
  await phone.getByLabel(say('page.volunteer.when')).fill('when the child sleeps');
  await expect(phone.getByText(say('page.volunteer.read.when_unknown'))).toBeVisible();
  await phone.getByLabel(say('page.volunteer.when')).fill('every day 7-13');
  await phone.getByLabel(say('page.volunteer.skills')).fill('registration, plumbing');
  await expect(phone.getByText('07:00–13:00').first()).toBeVisible();
  await expect(phone.getByText(/plumbing/).last()).toBeVisible();
  await sound(phone, 390, { every: true });
  await phone.getByRole('button', { name: say('page.volunteer.send') }).click();
  await expect(phone.getByText(say('page.volunteer.next.nothing'))).toBeVisible();
  expect(new URL(phone.url()).pathname + new URL(phone.url()).search).not.toMatch(/Ann|138/);

  await page.locator('input[type=file]').setInputFiles({ name: 'volunteers.csv', mimeType: 'text/csv', buffer: Buffer.from(SHEET) });
  await expect(page.getByText(say('page.volunteers.sheet.taken', { added: 3, changed: 0, same: 0 }))).toBeVisible();
  await expect(page.getByText('Ann <b>Example</b>').first()).toBeVisible();
  await page.getByRole('button', { name: say('page.volunteers.make') }).click();
  const table = page.getByRole('article').filter({ hasText: '08:00–10:00' });
  await expect(table.first()).toBeVisible({ timeout: 60_000 });
  // Nobody can interpret: the place is empty, and what would fill it is told.
  await expect(page.getByRole('heading', { name: say('page.volunteers.gaps') })).toBeVisible();
  await sound(page, 1280, { every: true });
  await sound(page, 390, { every: true });
  await page.setViewportSize({ width: 1280, height: 900 });

  // Somebody is tapped and pinned.
  const order = page.getByRole('article').filter({ hasText: say('rostered.role_order') }).first();
  await order.getByRole('button', { name: /Example/ }).first().click();
  await sound(page, 390, { every: true });
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole('button', { name: say('page.volunteers.pin') }).click();
  await expect(page.getByText(say('page.volunteers.pinned', { count: 1 }))).toBeVisible();

  // A volunteer says on their page that they cannot come; the desk fills the place by a tap.
  await phone.reload();
  await expect(phone.getByRole('heading', { name: say('page.volunteer.shifts') })).toBeVisible();
  await phone.getByRole('button', { name: say('page.volunteer.cannot'), exact: true }).first().click();
  await expect(phone.getByText(say('page.volunteer.cannot.said'))).toBeVisible();
  await sound(phone, 390, { every: true });
  await page.reload();
  await page.getByRole('button', { name: say('page.volunteers.fill') }).first().click();
  await expect(page.getByText(like('volunteers.repaired', 'en'))).toBeVisible();
  await page.getByText(say('page.volunteers.hours')).click();
  await expect(page.getByRole('cell', { name: 'Bob Example' })).toBeVisible();

  // The desk has somebody's card open while they change their words: both changes stay.
  const card = page.locator('details').filter({ hasText: 'Ann <b>Example</b>' }).first();
  await card.locator('summary').click();
  await phone.reload();
  await phone.getByText(say('page.volunteer.words.change')).click();
  await phone.getByLabel(say('page.volunteer.when')).fill('every day 8-13');
  await phone.getByRole('button', { name: say('page.volunteer.save') }).click();
  await expect(phone.getByText(say('page.volunteer.saved'))).toBeVisible();
  await card.getByLabel(say('page.volunteers.cell.skills')).fill('registration');
  await card.getByRole('button', { name: say('page.people.save') }).click();
  await expect(card.getByText(new RegExp(say('problem.volunteer_changed')))).toBeVisible();
  await expect(card.getByLabel(say('page.volunteers.cell.available'))).toHaveValue('every day 8-13');
  await expect(card.getByLabel(say('page.volunteers.cell.skills'))).toHaveValue('registration');
  await card.getByRole('button', { name: say('page.people.save') }).click();
  await expect(card.getByLabel(say('page.volunteers.cell.skills'))).toBeHidden();
  await phone.reload();
  await phone.getByText(say('page.volunteer.words.change')).click();
  await expect(phone.getByLabel(say('page.volunteer.when'))).toHaveValue('every day 8-13');
  await expect(phone.getByLabel(say('page.volunteer.skills'))).toHaveValue('registration');
});

test('who comes where there is no network need not tap again', async ({ planner, another }) => {
  const { page } = planner;
  const now = new Date();
  // From an hour ago on for four, as long as a shift may be: whoever is asked is there whenever the test runs.
  const hour = (of: number): string => `${String(Math.min(Math.max(of, 0), 24)).padStart(2, '0')}:00`;
  const [from, until] = [hour(now.getUTCHours() - 1), hour(now.getUTCHours() + 3)];
  const shifts = `role,date,from,until,people\norder,${dayIn(0)},${from},${until},1\n`;
  await planner.folder('example-helpers', { 'scenario.toml': scenario(), 'roll.csv': ROLL, 'shifts.csv': shifts });
  await planner.part('round');
  await page.locator('form select').selectOption(say('page.rounds.community.new'));
  await page.getByLabel(say('page.rounds.community.name')).fill('Example Helpers');
  await page.getByRole('button', { name: say('page.rounds.make.do') }).click();
  await page.getByRole('link', { name: say('page.volunteers'), exact: true }).click();
  await page.locator('input[type=file]').setInputFiles({ name: 'volunteers.csv', mimeType: 'text/csv', buffer: Buffer.from('name,phone\nDai Example,1380013803\nEva Example,1380013804\n') });
  await expect(page.getByText('Dai Example').first()).toBeVisible();
  await page.getByRole('button', { name: say('page.volunteers.make') }).click();
  const article = page.getByRole('article').filter({ hasText: `${from}–` }).first();
  await expect(article.getByRole('button', { name: /Example/ })).toBeVisible({ timeout: 60_000 });
  const who = (await article.getByRole('button', { name: /Example/ }).first().textContent())?.includes('Dai') ? 'Dai Example' : 'Eva Example';
  const community = new URL(page.url()).hash.split('/')[2] ?? '';
  const listed = await page.evaluate((id) => fetch(`/api/v1/communities/${id}/volunteers`).then((answer) => answer.json()), community) as { volunteers: { link: string; cells: { name: string } }[] };
  const link = listed.volunteers.find((one) => one.cells.name === who)?.link ?? '';
  const phone = (await another()).page;
  await phone.setViewportSize({ width: 390, height: 844 });
  await phone.goto(link);
  await phone.getByRole('button', { name: say('page.volunteer.brief') }).click();
  await expect(phone.getByRole('button', { name: say('page.volunteer.come') })).toBeVisible();
  await phone.context().setOffline(true);
  await phone.getByRole('button', { name: say('page.volunteer.come') }).click();
  await expect(phone.getByText(say('page.volunteer.later'))).toBeVisible();
  await phone.context().setOffline(false);
  await phone.reload();
  await expect(phone.getByRole('button', { name: say('page.volunteer.leave') })).toBeVisible();
});
