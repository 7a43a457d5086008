import type { Page } from '@playwright/test';
import { ask } from '../world/asking.ts';
import { look as sound } from '../world/sound.ts';
import { expect, test } from '../world/test.ts';
import { say } from '../world/words.ts';

const SLOW = { timeout: 30_000 };
const water = (count: number) => [{ good: 'water', unit: 'bottles', count }];
interface Shipment {
  id: string;
  code: string;
  stage: string;
  lines: { received: number }[];
}

test('whoever stands at the gate receives without a network, and the desks hear of it later', async ({ planner, another }, info) => {
  test.slow();
  await planner.start();
  const page = planner.page;
  const supplies = (of: string) => `parties/${encodeURIComponent(of)}/supplies`;
  const place = async (name: string) => `in:${(await ask<{ id: string }>(page, 'POST', 'places', { parent: null, kind: 'neighbourhood', name: `${name} ${info.workerIndex}` })).id}`;
  const [committee, street] = [await place('Example Committee'), await place('Example Street')];
  const court = (await ask<{ id: string }>(page, 'POST', 'communities', { name: `Example Court ${info.workerIndex}` })).id;
  const party = (of: string) => ask<{ card: string; party: string }>(page, 'GET', `parties/${encodeURIComponent(of)}`);
  for (const [one, other] of [[committee, court], [court, committee], [committee, street], [street, committee]] as const) {
    await ask(page, 'POST', `parties/${encodeURIComponent(one)}`, { kind: 'meet', card: (await party(other)).card, shares: ['words', 'supplies'] });
  }
  await ask(page, 'POST', `parties/${encodeURIComponent(committee)}`, { kind: 'telephones', phones: { carrier: '+1 555 0101' } });
  await ask(page, 'POST', supplies(committee), { kind: 'count', lines: water(500) });
  const promises = async (to: string, count: number): Promise<Shipment> => {
    const before = (await ask<{ shipments: Shipment[] }>(page, 'GET', supplies(committee))).shipments.map(({ id }) => id);
    const due = Math.floor(Date.now() / 1000) + 3600 + count;
    const made = await ask<{ shipments: Shipment[] }>(page, 'POST', supplies(committee), { kind: 'promise', to: (await party(to)).party, lines: water(count), due });
    return made.shipments.find(({ id }) => !before.includes(id))!;
  };
  const [first, second, others] = [await promises(court, 50), await promises(court, 200), await promises(street, 7)];
  for (const { id } of [first, second]) await ask(page, 'POST', supplies(committee), { kind: 'send', shipment: id, lines: water(id === first.id ? 50 : 200) });
  const seen = async (of: string, { id }: Shipment) => (await ask<{ shipments: Shipment[] }>(page, 'GET', supplies(of))).shipments.find((one) => one.id === id);
  for (const of of [first, second]) await expect.poll(async () => (await seen(court, of))?.stage, SLOW).toBe('sent');

  // The desk makes a code.
  await page.goto(`${planner.host.address}?lang=en#/supplies/${court}`);
  await page.locator('summary', { hasText: say('page.supplies.gate') }).click();
  await page.getByRole('button', { name: say('page.supplies.gate.make'), exact: true }).click();
  await expect(page.getByAltText(say('page.supplies.gate.alt'))).toBeVisible();
  await expect(page.getByText(say('page.supplies.gate.unheard'))).toBeVisible();
  await sound(page, 'gate-desk');
  const link = (await page.locator('a.link').getAttribute('href')) ?? '';
  const at = (language: string) => link.replace('/gate#', `/gate?lang=${language}#`);

  // A phone opens its link, and sees what comes.
  const phone = (await another()).page;
  await phone.setViewportSize({ width: 390, height: 844 });
  await phone.goto(at('en'));
  await expect(phone.getByText(say('page.gate.coming', { count: 2 }))).toBeVisible();
  await expect(phone.getByText('water').first()).toBeVisible();
  for (const language of ['zh', 'es', 'zh-Hant', 'en']) {
    await phone.goto(at(language));
    await expect(phone.locator('article').first()).toBeVisible();
    await sound(phone, `gate-coming-${language}`);
  }
  await phone.evaluate(async () => { await navigator.serviceWorker.ready; });

  // Without a network it opens all the same: all of one came, and fewer of the other.
  const button = (of: Page, key: string) => of.getByRole('button', { name: say(key), exact: true });
  await phone.context().setOffline(true);
  await phone.reload();
  await expect(phone.getByText(say('page.gate.coming', { count: 2 }))).toBeVisible();
  await expect(phone.getByText(say('page.gate.unreached'))).toBeVisible();
  await button(phone, 'page.supplies.do.reach_gate').first().click();
  await expect(phone.getByText(say('page.gate.waiting', { count: 1 }))).toBeVisible();
  await button(phone, 'page.supplies.do.receive.all').first().click();
  await expect(phone.getByText(say('page.gate.waiting', { count: 2 }))).toBeVisible();
  await button(phone, 'page.supplies.do.receive.count').click();
  await phone.getByRole('textbox', { name: say('page.supplies.count_of', { good: 'water' }) }).first().fill('190');
  await expect(button(phone, 'page.supplies.do.receive')).toBeDisabled();
  await phone.getByRole('combobox', { name: say('page.supplies.reason'), exact: true }).selectOption('broken');
  await sound(phone, 'gate-count');
  await button(phone, 'page.supplies.do.receive').click();
  await expect(phone.getByText(say('page.gate.waiting', { count: 3 }))).toBeVisible();
  await expect(phone.getByText(say('page.gate.coming', { count: 0 }))).toBeVisible();
  // What stands on no list waits, too: nobody here knows its code.
  await button(phone, 'page.gate.code.do').click();
  await phone.getByLabel(say('page.supplies.code'), { exact: true }).fill(others.code);
  await phone.getByRole('textbox', { name: say('page.supplies.count_of', { good: 'water' }) }).first().fill('7');
  await button(phone, 'page.supplies.do.receive').click();
  await expect(phone.getByText(say('page.gate.waiting', { count: 4 }))).toBeVisible();
  await sound(phone, 'gate-offline-en');
  await phone.getByLabel(say('language.choose')).selectOption('zh');
  await sound(phone, 'gate-offline-zh');
  await phone.getByLabel(say('language.choose', {}, 'zh')).selectOption('en');
  expect((await seen(court, first))?.stage).toBe('sent');
  // A page that the test closes has its network back for a moment, and would tell; no telephone does that. What was asked before has failed by then.
  await phone.evaluate(async () => {
    window.fetch = () => Promise.reject(new TypeError('no network'));
    await new Promise((done) => { setTimeout(done, 500); });
  });
  await phone.close();

  // It is opened again, still without a network; then there is one.
  const again = await phone.context().newPage();
  await again.setViewportSize({ width: 390, height: 844 });
  await again.goto(at('en'));
  await expect(again.getByText(say('page.gate.waiting', { count: 4 }))).toBeVisible();
  await again.context().setOffline(false);
  await expect(again.getByText(say('problem_mend.supplies_unknown_shipment'))).toBeVisible(SLOW);
  await expect(again.getByText(say('page.gate.waiting', { count: 4 }))).toBeHidden();
  await sound(again, 'gate-refused');
  await button(again, 'page.gate.unlisted').click();
  await expect(again.getByText(say('problem_mend.supplies_unknown_shipment'))).toBeHidden();
  await expect(again.getByRole('heading', { name: say('page.gate.came') })).toBeVisible();
  await expect(again.locator('section article')).toHaveCount(3);
  await sound(again, 'gate-came-en');
  for (const [of, stage, count] of [[first, 'received', 50], [second, 'short', 190]] as const) {
    for (const desk of [court, committee]) await expect.poll(async () => (await seen(desk, of))?.stage, SLOW).toBe(stage);
    expect((await seen(court, of))?.lines[0]?.received).toBe(count);
  }
  expect((await seen(court, others))?.lines[0]?.received).toBe(7);

  // The rest comes while there is a network, and the desk sees that the phone was heard.
  await button(again, 'page.supplies.do.rest').click();
  await button(again, 'page.supplies.do.rest').click();
  await expect.poll(async () => (await seen(committee, second))?.stage, SLOW).toBe('received');
  await page.goto(`${planner.host.address}?lang=zh#/supplies/${court}`);
  await page.reload();
  await page.locator('summary', { hasText: say('page.supplies.gate', {}, 'zh') }).click();
  await expect(page.getByText(say('page.supplies.gate.heard', {}, 'zh').split('{')[0] ?? '')).toBeVisible(SLOW);
  await sound(page, 'gate-desk-zh');
});
