import { ask } from '../world/asking.ts';
import { look as sound } from '../world/sound.ts';
import { expect, test } from '../world/test.ts';
import { say } from '../world/words.ts';

const SLOW = { timeout: 30_000 };

test('people are asked for, offered, sent, looked after and come home, at two desks', async ({ planner }, info) => {
  test.slow();
  await planner.start();
  const page = planner.page;
  const at = (language: string, of: string, name = 'teams') => `${planner.host.address}?lang=${language}#/${name}/${encodeURIComponent(of)}`;
  const place = async (name: string) => `in:${(await ask<{ id: string }>(page, 'POST', 'places', { parent: null, kind: 'city', name: `${name} ${info.workerIndex}` })).id}`;
  const [city, donor] = [await place('Example City'), await place('Other City')];
  const path = (of: string) => `parties/${encodeURIComponent(of)}`;
  const card = (of: string) => ask<{ card: string }>(page, 'GET', path(of)).then((seen) => seen.card);
  const meet = async (one: string, other: string) => ask(page, 'POST', path(one), { kind: 'meet', card: await card(other), shares: ['words', 'aid'] });
  await meet(city, donor);
  await meet(donor, city);
  await ask(page, 'POST', path(donor), { kind: 'telephones', phones: { desk: '+1 555 0101' } });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const open = (key: string) => page.locator('summary', { hasText: say(key) }).click();
  const number = (key: string) => page.getByRole('textbox', { name: say(key), exact: true });

  // The city asks, from its own desk.
  await page.goto(at('en', city, 'together'));
  await page.getByRole('link', { name: say('page.teams') }).click();
  await expect(page.getByText(say('page.teams.near.none'))).toBeVisible(SLOW);
  await open('page.teams.ask');
  await number('page.teams.number').fill('30');
  await page.getByLabel(say('page.teams.skill'), { exact: true }).fill('sampling');
  await page.getByLabel(say('page.teams.district'), { exact: true }).fill('North');
  await page.getByLabel(say('page.teams.why'), { exact: true }).fill('three days of mass testing');
  await sound(page, 'teams-ask');
  await page.locator('form').getByRole('button', { name: say('page.teams.ask') }).click();
  await expect(page.getByText('three days of mass testing')).toBeVisible();

  // The donor offers: no more than can go.
  await page.goto(at('en', donor));
  await button(say('page.teams.offer')).click(SLOW);
  await number('page.teams.number').fill('20');
  await number('page.teams.has').fill('100');
  await number('page.teams.stay').fill('90');
  await sound(page, 'teams-offer');
  await page.locator('form').getByRole('button', { name: say('page.teams.offer') }).click();
  await expect(page.getByRole('alert')).toContainText('10');
  await number('page.teams.stay').fill('60');
  await page.locator('form').getByRole('button', { name: say('page.teams.offer') }).click();
  await expect(page.getByText(say('page.teams.offer.waits'), { exact: true })).toBeVisible();

  await page.goto(at('en', city));
  await button(say('page.teams.accept.all', { count: 20 })).click(SLOW);
  await expect(page.getByText(say('page.teams.offer.accepted', { count: 20 }), { exact: true })).toBeVisible();
  await page.goto(at('en', donor));
  await button(say('page.teams.commit.do')).click(SLOW);
  await page.getByLabel(say('page.teams.name'), { exact: true }).fill('Team one');
  await sound(page, 'teams-commit');
  await button(say('page.teams.commit')).click();
  await button(say('page.teams.step.departed')).click();
  await page.goto(at('en', city));
  await button(say('page.teams.step.arrived')).click(SLOW);
  await button(say('page.teams.do.lodge')).click();
  await page.getByLabel(say('page.teams.lodging'), { exact: true }).fill('Example Hall');
  await number('page.teams.rooms.each').fill('2');
  await sound(page, 'teams-lodge');
  await button(say('page.teams.do.lodge')).click();
  await expect(page.getByText(say('page.teams.sleeps', { name: 'Example Hall' }))).toBeVisible();
  await page.locator('summary', { hasText: say('page.teams.rooms', { count: 10 }) }).click();
  await expect(page.getByText(say('page.teams.room', { number: '10' }), { exact: true })).toBeVisible();

  // It says how hot it will be, and by which rules people work here.
  await open('page.teams.here');
  const forms = page.locator('details form.row');
  await forms.nth(1).getByRole('spinbutton').fill('36');
  await forms.nth(1).getByRole('button').click();
  await expect(page.getByText(say('page.teams.heat.hot'))).toBeVisible();
  await page.getByLabel(say('page.teams.rule.work_h')).fill('0');
  await button(say('page.teams.rules.do')).click();
  await expect(page.getByRole('alert')).not.toBeEmpty();
  await page.getByLabel(say('page.teams.rule.work_h')).fill('6');
  await button(say('page.teams.rules.do')).click();
  await expect(button(say('page.teams.rules.do'))).toBeDisabled();
  await expect(page.getByLabel(say('page.teams.rule.work_h'))).toHaveValue('6');
  for (const language of ['en', 'zh'] as const) {
    await page.goto(at(language, city));
    await page.locator('summary', { hasText: say('page.teams.here', {}, language) }).click(SLOW);
    await sound(page, `teams-here-${language}`);
  }

  // The donor's desk says who is well, and who is positive, by the number on the card; the alarm stands at both desks.
  await page.goto(at('en', donor));
  await button(say('page.teams.check.all')).click(SLOW);
  await button(say('page.teams.do.test')).click();
  await page.locator('form input[type=checkbox]').first().check();
  await sound(page, 'teams-test');
  await button(say('page.teams.do.test')).click();
  await expect(page.locator('.late .bad').first()).toContainText('Team one');
  await sound(page, 'teams-donor');
  for (const language of ['en', 'es', 'zh', 'zh-Hant']) {
    await page.goto(at(language, city));
    await expect(page.locator('.late .bad').first()).toContainText('Team one', SLOW);
    await sound(page, `teams-city-${language}`);
  }
  await page.goto(at('en', donor));
  await button(say('page.teams.isolate', { count: 1 })).click(SLOW);
  await expect(page.getByText(say('team.fitness.isolated'), { exact: false }).first()).toBeVisible();

  // The city asks for longer, the donor agrees; then the team is withdrawn and comes home.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(at('en', city));
  await page.locator('article').first().locator('summary', { hasText: say('page.teams.else') }).click(SLOW);
  await button(say('page.teams.do.ask_change')).click();
  await page.locator('article').first().getByLabel(say('page.teams.until'), { exact: true }).fill('2099-01-01T08:00');
  await button(say('page.teams.do.ask_change')).click();
  await expect(page.getByText(say('page.teams.change.waits'))).toBeVisible();
  await sound(page, 'teams-phone');
  await page.goto(at('en', donor));
  await button(say('page.teams.change.yes')).click(SLOW);
  await page.locator('article').first().locator('summary', { hasText: say('page.teams.else') }).click();
  await button(say('page.teams.step.withdrawn')).click();
  await button(say('page.teams.sure.do', { what: say('page.teams.step.withdrawn') })).click();
  await button(say('page.teams.step.returned')).click();
  await expect(page.getByText(say('page.teams.teams'))).toHaveCount(0);
  await page.goto(at('en', city));
  await expect(page.getByText('three days of mass testing')).toBeVisible(SLOW);
  await expect(page.getByText(say('page.teams.teams'))).toHaveCount(0, SLOW);
});
