import { readFileSync } from 'node:fs';
import { sound } from '../world/sound.ts';
import { expect, test } from '../world/test.ts';
import { openToday } from '../world/today.ts';
import { say } from '../world/words.ts';

const ROLL = 'building,door,name\n1,101,Example A\n1,101,Example B\n1,102,Example C\n2,203,Example D\n';

/** What is said, proposed, objected to, tried and agreed in the evening; what is agreed stands in the scenario. */
test('an evening is talked over, and what is agreed stands in the scenario', async ({ planner }) => {
  const { page } = planner;
  const { scenario, clock } = openToday('Example Court', { photo: 1 }, { purpose: 'registration-day', green: true });
  await planner.round('Example Court', scenario, ROLL);
  await page.getByRole('button', { name: say('page.round.open') }).click();
  const [, , community, round] = new URL(page.url()).hash.split('/');
  const api = (path: string): string => new URL(`/api/v1/communities/${community}/rounds/${round}/${path}`, page.url()).href;
  await page.request.post(api('paper/shift'), {
    data: { sheet: '1', table: { station: 'photo', lane: 1, server: 1 }, rows: [{ row: 1, time: clock(), door: '101', people: '2', green: '1' }], write: true },
  });
  await page.getByRole('link', { name: say('page.evening'), exact: true }).click();
  await page.getByRole('link', { name: say('page.decide.open') }).click();

  const said = page.locator('section', { has: page.getByRole('heading', { name: say('page.decide.said') }) });
  await said.getByLabel(say('page.decide.who')).selectOption('adviser');
  await said.getByLabel(say('page.decide.words')).fill('Stand two steps apart.');
  await said.getByRole('button', { name: say('page.decide.say') }).click();
  await expect(said.getByRole('listitem')).toContainText('Stand two steps apart.');

  const propose = page.locator('section', { has: page.getByRole('heading', { name: say('page.decide.propose') }) });
  await propose.getByLabel(say('page.decide.kind')).selectOption('value');
  await propose.getByRole('combobox').nth(2).selectOption('site.station.photo.servers');
  await propose.getByLabel(say('page.decide.value', { value: '1' })).fill('2');
  await propose.getByLabel(say('page.decide.words')).fill('Two cameras.');
  await propose.getByRole('button', { name: say('page.decide.send') }).click();
  const first = page.getByRole('article').filter({ hasText: 'Two cameras.' });
  await expect(first).toContainText(say('decide.state.proposed'));
  await expect(first.getByRole('img')).toBeVisible();

  // An objection takes a sentence, and so does agreeing after it.
  await first.getByRole('button', { name: say('decide.act.object') }).click();
  await first.getByLabel(say('page.decide.why')).fill('There is one camera.');
  await first.getByRole('button', { name: say('decide.act.object') }).click();
  await expect(first).toContainText(say('decide.state.objected'));
  await first.getByRole('button', { name: say('decide.act.try') }).click();
  await first.getByLabel(say('page.decide.part')).fill('building 1');
  await first.getByRole('button', { name: say('decide.act.try') }).click();
  await expect(first).toContainText(say('decide.state.trying'));
  await first.getByRole('button', { name: say('decide.act.agree') }).click();
  await expect(first).toContainText(say('decide.state.agreed'));
  await expect(first).toContainText('There is one camera.');
  await expect(page.getByText('Example A')).toHaveCount(0);
  const told = await (await page.request.get(api('decisions'))).json() as { scenario: string };
  const kept = await (await page.request.get(new URL(`/api/v1/scenarios/${told.scenario}`, page.url()).href)).json() as { files: Record<string, string> };
  expect(Buffer.from(kept.files['scenario.toml'] ?? '', 'base64').toString()).toContain('servers = 2');

  const saving = page.waitForEvent('download');
  await page.getByRole('link', { name: say('page.decide.docx') }).click();
  expect(readFileSync(String(await (await saving).path())).subarray(0, 2).toString()).toBe('PK');

  for (const width of [1280, 390]) await sound(page, width);
});
