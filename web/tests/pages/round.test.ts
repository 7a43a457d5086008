import type { Route } from '@playwright/test';
import { faults } from '../world/sound.ts';
import { expect, test } from '../world/test.ts';
import { openToday } from '../world/today.ts';
import { Volunteer } from '../world/volunteer.ts';
import { say } from '../world/words.ts';

const ROLL = 'building,door,name\n1,101,Example A\n1,101,Example B\n1,102,Example C\n1,203,Example D\n';

/** From a plan to the board of the day, through the real server. */
test('a plan becomes a round, a phone joins it, and the desk sees what it did', async ({ planner, browser }) => {
  const { page, host } = planner;
  await planner.round('Example Court', openToday('Example Court', { registration: 1, sampling: 2 }, { pool: 3, green: true }).scenario, ROLL);
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

  expect(await faults(page)).toEqual([]);

  await page.getByRole('link', { name: say('page.watch') }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Example Court' })).toBeVisible();
  await page.getByRole('button', { name: say('page.board.view.list') }).click();
  await expect(page.getByRole('table').first()).toBeVisible({ timeout: 40_000 });
  await context.close();
});

/** As a server refuses; see `ANSWERS` in `world/test.ts`. */
const refuse = (route: Route) => route.fulfill({ status: 412, json: { message: 'Not now.', mend: 'Look again.' } });
const DESK = '**/api/v1/communities/*/rounds/*';

test('what the desk could not see is said beside what it saw, and a refusal outlives the next look', async ({ planner }) => {
  const { page } = planner;
  await planner.round('Quiet Court', openToday('Quiet Court', { sampling: 1 }).scenario, ROLL);
  const phones = page.locator('section').filter({ has: page.getByRole('heading', { name: say('page.round.phones'), exact: true }) });
  await expect(phones).toContainText(say('page.round.phones.none'));

  // A command is refused. The desk looks on, and the refusal stands.
  await page.route(`${DESK}/commands`, refuse);
  await page.getByRole('button', { name: say('page.round.open') }).click();
  const refusal = page.getByText('Not now. Look again.');
  await expect(refusal).toBeVisible();
  // The second of two looks begins when the first has been shown.
  for (let looks = 0; looks < 2; looks += 1) await page.waitForResponse((answer) => /\/rounds\/[^/]+$/.test(answer.url()) && answer.ok());
  expect(await refusal.count()).toBe(1);
  await page.unroute(`${DESK}/commands`);
  await page.getByRole('button', { name: say('page.round.open') }).click();
  await expect(page.getByText(say('page.round.phase.open'), { exact: true })).toBeVisible();
  await expect(refusal).toHaveCount(0);

  // A look is refused. What was seen last stays.
  await page.route(DESK, refuse);
  await expect(refusal).toBeVisible();
  await expect(page.getByText(say('page.round.phase.open'), { exact: true })).toBeVisible();
  await page.unroute(DESK);
  await expect(refusal).toHaveCount(0);

  // Nobody is told that there is no phone, nor shown paper, by a page that saw neither.
  await page.route(`${DESK}/{phones,paper?*}`, refuse);
  await page.reload();
  await expect(phones).toContainText('Not now. Look again.');
  await expect(phones).not.toContainText(say('page.round.phones.none'));
  await expect(refusal).toHaveCount(2);
});

test('a look that was slow takes nothing back', async ({ planner }) => {
  const { page } = planner;
  await planner.round('Slow Court', openToday('Slow Court', { sampling: 1 }).scenario, ROLL);
  const before = say('page.round.phase.before');
  await expect(page.getByText(before)).toBeVisible();
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let slow = true;
  const held = new Promise<void>((resolve) => page.route(DESK, async (route) => {
    if (!slow) return route.continue();
    slow = false;
    // As it was before the site opened, and told after.
    const response = await route.fetch();
    resolve();
    await released;
    await route.fulfill({ response, headers: { ...response.headers(), 'x-late': 'yes' } });
  }));
  await held;
  await page.getByRole('button', { name: say('page.round.open') }).click();
  await expect(page.getByText(say('page.round.phase.open'), { exact: true })).toBeVisible();

  // The next look would set it right: all that stands there meanwhile is written down.
  await page.evaluate(() => {
    const facts = document.querySelector('.facts') as HTMLElement;
    const told: string[] = ((window as unknown as { told: string[] }).told = []);
    new MutationObserver(() => told.push(facts.innerText)).observe(facts, { childList: true, characterData: true, subtree: true });
  });
  const late = page.waitForResponse((answer) => answer.headers()['x-late'] === 'yes');
  release();
  await late;
  await page.waitForResponse((answer) => /\/rounds\/[^/]+$/.test(answer.url()));
  const told = await page.evaluate(() => (window as unknown as { told: string[] }).told);
  expect(told.filter((text) => text.includes(before))).toEqual([]);
});

test('two alarms in the same words are two alarms', async ({ planner }) => {
  const { page } = planner;
  await planner.round('Twin Court', openToday('Twin Court', { sampling: 1 }, { pool: 3 }).scenario, ROLL);
  const alarm = { kind: 'left_open', box: null, message: 'A tube was left open.', mend: 'Seal it.', tubes: [], count: 1 };
  await page.route(`${DESK}/boxes?*`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...((await response.json()) as object), alarms: [alarm, alarm] } });
  });
  await page.getByRole('link', { name: say('page.tubes'), exact: true }).click();
  await expect(page.getByText(alarm.message)).toHaveCount(2);
});
