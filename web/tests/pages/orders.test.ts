import { readFileSync } from 'node:fs';
import { ask } from '../world/asking.ts';
import { look as sound } from '../world/sound.ts';
import { expect, test } from '../world/test.ts';
import { dayIn } from '../world/today.ts';
import { say } from '../world/words.ts';

const SLOW = { timeout: 30_000 };

/** A date by the clocks of a host that set no time zone. */
const day = (ahead: number): string => dayIn(ahead, 8);

type Row = [team: string, donor: string, district: string, skill: string, people: number, leaves: number, from: number];

function plan(rows: Row[]): object {
  const districts = [...new Set(rows.map((of) => of[2]))];
  return {
    first: day(0), days: 7, unmet: [], sentences: [],
    deployments: rows.map(([team, donor, recipient, skill, people, leaves, from]) => ({ team, donor, recipient, skill, people, leaves: day(leaves), from: day(from), until: day(from + 13), free: day(from + 22), left: false })),
    districts: districts.map((recipient) => ({ recipient, asked_person_days: 100, met_person_days: 80, share: 0.8 })),
  };
}

test('orders of a plan are asked for with one press, and what came stands beside them', async ({ planner }, info) => {
  test.slow();
  await planner.start();
  const page = planner.page;
  const at = (language: string, of: string) => `${planner.host.address}?lang=${language}#/teams/${encodeURIComponent(of)}`;
  const name = (of: string) => `${of} ${info.workerIndex}`;
  const place = async (of: string) => (await ask<{ id: string }>(page, 'POST', 'places', { parent: null, kind: 'city', name: name(of) })).id;
  const [city, east, lake] = [await place('Example City'), await place('East City'), await place('Lake Region')];
  const desk = (of: string) => `in:${of}`;
  const path = (of: string) => `parties/${encodeURIComponent(desk(of))}`;
  const card = (of: string) => ask<{ card: string }>(page, 'GET', path(of)).then((seen) => seen.card);
  const meet = async (one: string, other: string) => ask(page, 'POST', path(one), { kind: 'meet', card: await card(other), shares: ['words', 'aid'] });
  for (const other of [east, lake]) {
    await meet(city, other);
    await meet(other, city);
  }
  const keep = (rows: Row[]) => ask(page, 'PUT', `places/${city}/city/aid`, plan(rows));
  const first: Row[] = [
    ['A001', name('East City'), 'North', 'sampling', 240, 1, 2], ['A002', name('East City'), 'South', 'sampling', 180, 1, 2], ['A003', name('East City'), 'North', 'ward', 36, 3, 4],
    ['A004', 'Lake County', 'Island', 'sampling', 120, 2, 3], ['A005', 'Far City', 'Island', 'laboratory', 28, 2, 3], ['A006', 'Far City', 'Island', 'ward', 10, -1, 0],
  ];
  await keep(first);
  const button = (of: string) => page.getByRole('button', { name: of, exact: true });

  // A partner of the donor's name is proposed; the desk chooses, once, and nobody is asked before.
  await page.goto(at('en', desk(city)));
  await expect(page.getByRole('heading', { name: say('page.teams.plan'), exact: true })).toBeVisible(SLOW);
  await expect(page.getByText(say('page.teams.plan.past', { count: 1 }))).toBeVisible();
  await expect(page.getByLabel(name('East City'), { exact: true }).locator('option:checked')).toHaveText(name('East City'));
  await expect(page.getByRole('button', { name: /Send requests/ })).toHaveCount(0);
  await expect(page.getByText(say('page.teams.plan.nobody', { donor: 'Far City' }))).toBeVisible();
  await page.getByLabel('Lake County', { exact: true }).selectOption(name('Lake Region'));
  await sound(page, 'orders-stands');
  await button(say('page.teams.plan.stands.do')).first().click();

  // One press sends them all; there is no second.
  const send = button(say('page.teams.plan.ask', { count: 4, people: 576 }));
  await expect(send).toBeVisible();
  for (const language of ['zh', 'en'] as const) {
    await page.goto(at(language, desk(city)));
    await expect(page.getByRole('button', { name: say('page.teams.plan.ask', { count: 4, people: 576 }, language), exact: true })).toBeVisible(SLOW);
    await sound(page, `orders-ask-${language}`);
  }
  // One of them is left out, and asked for afterwards.
  const ward = page.getByLabel(/36\s+ward · North/);
  await page.locator('details', { has: ward }).locator('summary').click();
  await ward.uncheck();
  await sound(page, 'orders-without');
  await button(say('page.teams.plan.ask', { count: 3, people: 540 })).click();
  await expect(page.getByRole('button', { name: /Send requests/ })).toHaveCount(0);
  await ward.check();
  await button(say('page.teams.plan.ask', { count: 1, people: 36 })).click();
  await expect(page.getByRole('button', { name: /Send requests/ })).toHaveCount(0);
  await expect(page.getByRole('checkbox')).toHaveCount(0);
  const group = page.locator('details', { has: page.locator('summary', { hasText: name('East City') }) }).first();
  const came = (of: Record<string, number>, language: 'en' | 'zh' = 'en') => say('page.teams.plan.came', { asked: 0, offered: 0, accepted: 0, on_way: 0, there: 0, ...of }, language);
  await expect(group.getByText(came({ asked: 240 }))).toBeVisible();

  // The donor sees requests alone; what it answers stands beside the order.
  const donor = () => ask<{ plan: null; requests: { id: string; number: number; from: number; until: number }[] }>(page, 'GET', `${path(east)}/aid`);
  await expect.poll(async () => (await donor()).requests.map((of) => of.number).sort(), SLOW).toEqual([180, 240, 36]);
  const asked = await donor();
  expect(asked.plan).toBeNull();
  const of = asked.requests.find(({ number }) => number === 240)!;
  await ask(page, 'POST', `${path(east)}/aid`, { kind: 'offer', request: of.id, number: 200, from: of.from, until: of.until, has: 900, stay: 300 });
  await page.goto(at('en', desk(city)));
  await expect(group.getByText(came({ asked: 240, offered: 200 }))).toBeVisible(SLOW);
  await button(say('page.teams.accept.all', { count: 200 })).click();
  await expect(group.getByText(came({ asked: 240, accepted: 200 }))).toBeVisible();

  // Who has left is the table with which the next plan begins.
  const offer = (await ask<{ requests: { number: number; offers: { id: string }[] }[] }>(page, 'GET', `${path(east)}/aid`)).requests.find(({ number }) => number === 240)?.offers[0]?.id;
  await expect.poll(async () => {
    await ask(page, 'POST', `${path(east)}/aid`, { kind: 'commit', offer, team: null, name: 'Team one', number: 200, departs: of.from - 3_600, arrives: of.from }).catch(() => null);
    return (await ask<{ teams: { deployment: string }[] }>(page, 'GET', `${path(east)}/aid`)).teams.length;
  }, SLOW).toBe(1);
  const { teams } = await ask<{ teams: { deployment: string }[] }>(page, 'GET', `${path(east)}/aid`);
  await ask(page, 'POST', `${path(east)}/aid`, { kind: 'step', deployment: teams[0]?.deployment, step: 'departed' });
  await page.goto(at('en', desk(city)));
  await expect(group.getByText(came({ asked: 240, accepted: 200, on_way: 200 }))).toBeVisible(SLOW);
  const saving = page.waitForEvent('download');
  await page.getByRole('link', { name: say('page.teams.plan.left') }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('deployed.csv');
  expect(readFileSync(await saved.path(), 'utf8').replace('\ufeff', '')).toBe(`team,donor,recipient,skill,people,from,to\nA001,${name('East City')},North,sampling,200,${day(2)},${day(15)}\n`);

  // A plan that is made anew: more of one is asked for, what is gone can be closed.
  await keep([['A001', name('East City'), 'North', 'sampling', 260, 1, 2], ...first.slice(2)]);
  await page.goto(at('en', desk(city)));
  await expect(button(say('page.teams.plan.ask', { count: 1, people: 20 }))).toBeVisible(SLOW);
  await expect(page.getByText(say('team.order.gone'))).toBeVisible();
  for (const language of ['en', 'es', 'zh', 'zh-Hant'] as const) {
    await page.goto(at(language, desk(city)));
    await expect(page.getByText(say('team.order.gone', {}, language))).toBeVisible(SLOW);
    await sound(page, `orders-anew-${language}`);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  for (const language of ['zh', 'en'] as const) {
    await page.goto(at(language, desk(city)));
    await expect(page.getByText(say('team.order.gone', {}, language))).toBeVisible(SLOW);
    await sound(page, `orders-phone-${language}`);
  }
  const gone = page.locator('article', { hasText: say('team.order.gone') });
  await gone.getByRole('button', { name: say('page.teams.close'), exact: true }).click();
  await gone.getByRole('button', { name: say('page.teams.sure.do', { what: say('page.teams.close') }), exact: true }).click();
  await expect(gone).toHaveCount(0);
});
