import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '../world/test.ts';
import { like, say } from '../world/words.ts';

const example = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

test('a service file that leads people round in a circle is named, with what to do', async ({ planner, page }) => {
  const station = (name: string, next: string) => `[[station]]
name = "${name}"
servers = 2
service = { law = "constant", mean_s = 20 }
next = [{ to = "${next}" }]
`;
  const circle = `format = 1
name = { en = "Circle", zh = "循环" }
gives = "nothing"
to = "person"
${station('desk', 'stamp')}${station('stamp', 'desk')}`;
  const scenario = `format = 1
[community]
name = "Example"
timezone = "Asia/Shanghai"
households = 100
mean_size = 2.5
entrances = 5
[round]
purpose = "circle"
date = 2026-12-01
opens = "08:00"
[site]
lanes = 1
[arrivals]
law = "broadcast"
reaction = { law = "lognormal", median_min = 20, sigma = 0.5 }
`;
  await planner.folder('circle', { 'scenario.toml': scenario, 'services/circle.toml': circle });
  const note = page.locator('.notes .error').filter({ hasText: say('note.no_way_out', { station: 'desk' }) });
  await expect(note).toContainText(say('mend.no_way_out'));
  await expect(note.locator('.place')).toContainText('services/circle.toml');
  await expect(page.getByRole('heading', { name: say('page.staff.title') })).toHaveCount(0);
});

test('a scenario that does not read shows every note at once, with file, row and key', async ({ planner, page }) => {
  const scenario = example('examples/sunshine-garden/scenario.toml').replace('lanes = 4', 'lanes = -4').replace('pool = 10', 'pool = "ten"');
  await planner.folder('wrong', { 'scenario.toml': scenario, 'roll.csv': example('examples/sunshine-garden/roll.csv') });
  const errors = page.locator('.notes .error');
  await expect(errors).toHaveCount(2);
  for (const key of ['lanes', 'pool']) {
    const note = errors.filter({ hasText: key });
    await expect(note.locator('.place')).toHaveText(new RegExp(`scenario\\.toml · ${say('page.note.row', { row: '\\d+' })}`));
    await expect(note.locator('.mend')).not.toBeEmpty();
  }
});

test('a folder without a scenario is refused where it was dropped @anywhere', async ({ planner, page }) => {
  await planner.start();
  await page.locator('input[accept=".zip"]').setInputFiles({ name: 'holiday.zip', mimeType: 'application/zip', buffer: Buffer.from('no zip file') });
  await expect(page.getByRole('alert')).toHaveText(say('page.open.none'));
});

/** One test an example, so that they are opened side by side; cities, aid between them, and crews of several communities are for the terminal alone. */
const EXAMPLES = readdirSync(new URL('../../../examples', import.meta.url), { withFileTypes: true })
  .filter((entry) => existsSync(new URL(`../../../examples/${entry.name}/scenario.toml`, import.meta.url)))
  .filter((entry) => !/^kind = "(city|aid)"/m.test(example(`examples/${entry.name}/scenario.toml`)))
  .map(({ name }) => name);

test('all examples are on offer', async ({ planner, page }) => {
  await planner.start();
  const offered = (await (await page.request.get(`${planner.host.address}api/v1/examples`)).json()) as string[];
  expect(offered.toSorted()).toEqual(EXAMPLES.toSorted());
});

for (const name of EXAMPLES) {
  test(`the example ${name} opens with figures and a finish, and without an error`, async ({ planner, page }) => {
    test.setTimeout(240_000);
    await planner.example(name);
    await expect(planner.figure('page.beside.wait')).toBeVisible({ timeout: 120_000 });
    await expect(planner.figure('page.beside.done')).toHaveText(/\d\d:\d\d/);
    await expect(page.getByText(like('page.settled'))).toBeVisible({ timeout: 120_000 });
    await expect(page.locator('.notes .error')).toHaveCount(0);
    await planner.part('site');
    await expect(page.getByRole('heading', { name: say('page.part.site'), exact: true })).toBeAttached();
    await expect(page.locator('main svg').first()).toBeVisible();
  });
}
