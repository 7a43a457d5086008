import axe from 'axe-core';
import { expect, test } from '../world/test.ts';
import { Volunteer } from '../world/volunteer.ts';
import { say } from '../world/words.ts';

/** A site that is open all day today, wherever the test runs. */
const SCENARIO = `format = 1
[community]
name = "Example Court"
timezone = "UTC"
[round]
purpose = "screening"
date = ${new Date().toISOString().slice(0, 10)}
opens = "00:00"
closes = "23:59"
pool = 3
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
const ROLL = 'building,door,name\n1,101,Example A\n1,101,Example B\n1,102,Example C\n1,203,Example D\n';

/** From a plan to the board of the day, through the real server. */
test('a plan becomes a round, a phone joins it, and the desk sees what it did', async ({ planner, browser }) => {
  const { page, host } = planner;
  await planner.folder('example-court', { 'scenario.toml': SCENARIO, 'roll.csv': ROLL });
  await planner.part('round');
  await page.locator('form select').selectOption(say('page.rounds.community.new'));
  await page.getByLabel(say('page.rounds.community.name')).fill('Example Court');
  await page.getByRole('button', { name: say('page.rounds.make.do') }).click();
  await expect(page.getByText(say('page.round.phase.before'))).toBeVisible();
  await page.getByRole('button', { name: say('page.round.open') }).click();
  await expect(page.getByText(say('page.round.phase.open'), { exact: true })).toBeVisible();
  await page.getByRole('button', { name: say('page.round.ahead.call', { wave: '1' }) }).click();
  await expect(page.getByText(say('page.round.ahead.called', { households: '3' }))).toBeVisible();
  await expect(page.getByText(say('page.round.paper.again'))).toBeVisible();
  const wide = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  if (wide) await page.setViewportSize(wide);
  await page.getByRole('button', { name: say('page.round.codes.show') }).click();
  await expect(page.getByRole('img', { name: say('page.round.codes.alt', { role: say('page.access.role.registrar') }) })).toBeVisible();
  const link = await page.getByRole('link', { name: say('page.round.codes.here') }).getAttribute('href');

  const context = await browser.newContext({ viewport: { width: 360, height: 640 }, locale: 'en-GB' });
  const phone = await context.newPage();
  await phone.goto(String(link));
  await expect(phone).toHaveURL(/\/station/);
  const volunteer = new Volunteer(phone, { address: host.address } as Volunteer['host']);
  await expect(volunteer.truth).toBeVisible();
  // A code without a table: the phone asks for one.
  const seat = phone.getByRole('button', { name: volunteer.say('seat.done'), exact: true });
  await expect(seat.or(phone.getByRole('button', { name: '0', exact: true })).first()).toBeVisible();
  if (await seat.isVisible()) await volunteer.tap('seat.done');
  await volunteer.digits('01');
  await volunteer.tapLike(/^1-101/);
  await volunteer.tap('check_in', { number: 2 });
  // Without a network, too.
  await context.setOffline(true);
  await volunteer.digits('02');
  await volunteer.tapLike(/^1-102/);
  await volunteer.tap('check_in', { number: 1 });
  await context.setOffline(false);
  await expect(page.getByText(say('page.round.people', { came: 3, served: 0 }))).toBeVisible({ timeout: 60_000 });

  // Whoever has the link sees how long people wait, without a script.
  const everybody = await browser.newPage({ viewport: { width: 360, height: 640 }, locale: 'en-GB', javaScriptEnabled: false });
  await everybody.goto(new URL(String(await page.getByRole('link', { name: say('page.round.ahead.public') }).getAttribute('href')), page.url()).href);
  await expect(everybody.getByRole('heading', { level: 1, name: 'Example Court' })).toBeVisible();
  await expect(everybody.getByText(say('now.clear'))).toBeVisible();
  await everybody.close();

  await page.evaluate(axe.source);
  const faults = await page.evaluate(async () => (await (window as unknown as { axe: typeof axe }).axe.run(document)).violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`));
  expect(faults).toEqual([]);

  await page.getByRole('link', { name: say('page.watch') }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Example Court' })).toBeVisible();
  await page.getByRole('button', { name: say('page.board.view.list') }).click();
  await expect(page.getByRole('table').first()).toBeVisible({ timeout: 40_000 });
  await context.close();
});
