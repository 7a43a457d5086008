import type { Page } from '@playwright/test';
import { aid, file, rounds, target } from '../world/city.ts';
import { faults, keep, look, sound } from '../world/sound.ts';
import { expect, test } from '../world/test.ts';
import { say, UNSAID, type Language } from '../world/words.ts';

const row = (page: Page, name: string) => page.getByRole('row').filter({ has: page.getByRole('button', { name, exact: true }) });

test('a city is looked at from files without a server, by keyboard, in each language @anywhere', async ({ planner, page }) => {
  await planner.start();
  await page.getByRole('link', { name: new RegExp(say('page.city.open')) }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('page.city'));
  const field = page.locator('input[type="file"]');
  await field.setInputFiles([file('broken.json', { plan: 1 })]);
  await expect(page.getByText(say('note.document_unknown'))).toBeVisible();
  await field.setInputFiles([file('rounds.json', rounds()), file('aid.json', aid()), file('target.json', target())]);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Example City');
  await expect(page.getByText(say('note.document_unknown'))).toHaveCount(0);
  // Another file of one kind takes the place of the one before; one that is too large is told by its name.
  await field.setInputFiles([file('second.json', rounds()), { name: 'huge.json', mimeType: 'application/json', buffer: Buffer.alloc(17 * 2 ** 20, ' ') }]);
  await expect(page.getByText(say('page.city.files.too_large', { name: 'huge.json', mb: '16' }))).toBeVisible();
  await expect(page.locator('.names')).toContainText('second.json');
  await expect(page.locator('.names')).not.toContainText('rounds.json');
  await page.getByText(say('page.city.teams.short.all')).click();
  await expect(page.getByText('North is short of 240 samplers', { exact: false })).toBeVisible();

  // The map's own tables are its keyboard: a lab is chosen, and what is not its own goes away.
  const loads = page.locator('.labs h3');
  await expect(loads).toHaveCount(4);
  const lab = page.getByRole('button', { name: 'Example Lab B', exact: true });
  await planner.tabTo(lab);
  await page.keyboard.press('Enter');
  await expect(lab).toHaveAttribute('aria-pressed', 'true');
  await expect(loads).toHaveText(['Example Lab B']);
  await expect(page.getByLabel(say('page.city.show'))).toHaveValue('lab 1');
  await page.getByLabel(say('page.city.show')).selectOption('Island');
  await expect(loads).toHaveText(['Example Lab A', 'Example Air Dome']);
  await expect(row(page, 'Island').first()).toContainText('Example Air Dome');
  // A finger on the map does the same.
  await page.locator('svg [data-kind="lab"][data-at="0"] .reach').click();
  await expect(page.getByLabel(say('page.city.show'))).toHaveValue('lab 0');
  await page.getByLabel(say('page.city.show')).selectOption('all');

  await page.getByRole('button', { name: 'North', expanded: false }).click();
  await expect(page.getByRole('row', { name: /East City sampler/ })).toContainText('240');
  expect(await faults(page, { every: true })).toEqual([]);
  for (const language of ['es', 'zh', 'zh-Hant', 'en'] as Language[]) {
    await page.locator('header select').first().selectOption(language);
    await expect(page.getByRole('heading', { level: 2, name: say('page.city.clocks', {}, language) })).toBeVisible();
    expect(await page.locator('main').innerText()).not.toMatch(UNSAID);
    await look(page, `city-${language}`);
  }
  for (const width of [375, 1440]) await sound(page, width);
  await page.setViewportSize({ width: 375, height: 812 });
  await keep(page, 'city-375');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(await faults(page)).toEqual([]);
  await keep(page, 'city-dark');
  await page.emulateMedia({ colorScheme: 'light', media: 'print' });
  await keep(page, 'city-print');
});

test('a city keeps its documents, and a district is shown its own part', async ({ planner }, info) => {
  await planner.start();
  const { page } = planner;
  const make = (body: object) => page.evaluate(async (body) => {
    const made = await fetch('/api/v1/places', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return ((await made.json()) as { id: string }).id;
  }, body);
  const city = await make({ parent: null, kind: 'city', name: `Example City ${info.workerIndex}` });
  const north = await make({ parent: city, kind: 'district', name: 'North Desk' });
  await page.goto(`${planner.host.address}?lang=en#/places/${city}`);
  await page.getByRole('link', { name: new RegExp(say('page.city.open')) }).click();
  await expect(page.getByText(say('page.city.nothing'))).toBeVisible();
  const put = (kind: string) => page.getByLabel(`${say('page.city.kept.put')} ${say(`page.city.kept.${kind}`)}`);
  await put('aid').setInputFiles(file('rounds.json', rounds()));
  await expect(page.getByRole('alert')).toContainText(say('mend.document_other'));
  await put('rounds').setInputFiles(file('rounds.json', rounds()));
  await expect(page.getByRole('heading', { level: 2, name: say('page.city.map') })).toBeVisible();
  await put('aid').setInputFiles(file('aid.json', aid()));
  await expect(page.getByRole('heading', { level: 2, name: say('page.city.teams') })).toBeVisible();
  await page.getByRole('combobox', { name: 'North', exact: true }).selectOption('North Desk');
  await page.getByRole('button', { name: say('page.city.who.keep') }).click();
  await expect(page.getByText(say('page.city.who.kept'))).toBeVisible();
  await look(page, 'city-kept');

  await page.goto(`${planner.host.address}?lang=en#/city/${north}`);
  await expect(page.getByText(say('page.city.part', { districts: 'North' }))).toBeVisible();
  await expect(row(page, 'North')).toHaveCount(2);
  await expect(page.getByText(say('page.city.labs.lead.own'))).toBeVisible();
  const text = await page.locator('main').innerText();
  for (const other of ['South', 'Island', 'Elsewhere', say('page.city.kept')]) expect(text).not.toContain(other);
  await look(page, 'city-district');

  // The same for a lab: what comes to it, in each language, on paper and on a telephone.
  const lab = await make({ parent: city, kind: 'lab', name: 'Air Dome Desk' });
  const away = await make({ parent: city, kind: 'lab', name: 'Elsewhere Desk' });
  await page.goto(`${planner.host.address}?lang=en#/city/${city}`);
  await page.getByText(say('page.city.kept'), { exact: true }).click();
  await page.getByRole('group', { name: say('page.city.labs') }).getByRole('combobox', { name: 'Example Air Dome' }).selectOption('Air Dome Desk');
  await page.getByRole('combobox', { name: 'Example Lab Elsewhere' }).selectOption('Elsewhere Desk');
  await look(page, 'city-who');
  await page.getByRole('button', { name: say('page.city.who.keep') }).click();
  await expect(page.getByText(say('page.city.who.kept'))).toBeVisible();

  await page.goto(`${planner.host.address}?lang=en#/city/${lab}`);
  await expect(page.getByText(say('page.city.part.labs', { labs: 'Example Air Dome' }))).toContainText(say('page.city.part.labs.alone'));
  const loads = page.locator('.labs h3');
  await expect(loads).toHaveText(['Example Air Dome']);
  await expect(page.locator('.labs li')).toContainText(say('page.city.labs.waiting', { tubes: '20' }));
  const rounds_of = page.getByRole('group', { name: say('page.city.rounds') });
  await expect(rounds_of.getByRole('row')).toHaveCount(4);
  // Ten stops from 07:00 on, back 118 minutes later, five times.
  const first = rounds_of.getByRole('row').nth(1);
  await expect(first).toContainText(say('page.city.departs.many', { first: '08:58', last: '12:58', count: '5' }));
  await first.getByText(say('page.city.stops.count', { count: '10' })).last().click();
  await expect(first.getByRole('listitem').first()).toHaveText(/^07:12 (Island|South) \d+, \d+ tubes$/);
  await expect(row(page, 'South').last()).toContainText('Example Air Dome');
  await planner.tabTo(page.getByRole('button', { name: 'Island', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(say('page.city.show'))).toHaveValue('district 1');
  await page.locator('svg [data-kind="lab"][data-at="0"] .reach').click();
  await expect(page.getByLabel(say('page.city.show'))).toHaveValue('lab 0');
  await page.getByLabel(say('page.city.show')).selectOption('all');
  const of_lab = await page.locator('main').innerText();
  for (const other of ['North', 'Example Lab A', 'Example Lab B', 'Elsewhere', say('page.city.kept'), say('page.city.teams'), 'Island 30']) expect(of_lab).not.toContain(other);
  await keep(page, 'city-lab-en');
  await page.locator('header select').first().selectOption('zh');
  await expect(page.getByRole('heading', { level: 2, name: say('page.city.clocks', {}, 'zh') })).toBeVisible();
  expect(await page.locator('main').innerText()).not.toMatch(UNSAID);
  await look(page, 'city-lab-zh');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await faults(page)).toEqual([]);
  await keep(page, 'city-lab-zh-390');
  await page.locator('header select').first().selectOption('en');
  await sound(page, 390);
  await keep(page, 'city-lab-390');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ media: 'print' });
  await keep(page, 'city-lab-print');
  await page.emulateMedia({ media: 'screen' });

  // A lab in another city: by when it must be told of which batch, not from which lab.
  await page.goto(`${planner.host.address}?lang=en#/city/${away}`);
  const batches = page.getByRole('group', { name: say('page.city.transfers') });
  await expect(batches.getByRole('row').last()).toHaveText(/600\s*13:00\s*14:40\s*10:00/);
  for (const other of ['Example Lab B', say('page.city.map.nobody'), say('page.city.rounds')]) expect(await page.locator('main').innerText()).not.toContain(other);
  await look(page, 'city-lab-away');

  await page.goto(`${planner.host.address}?lang=en#/city/${city}`);
  page.on('dialog', (dialog) => void dialog.accept());
  await page.getByText(say('page.city.kept'), { exact: true }).click();
  await page.getByRole('button', { name: `${say('page.city.kept.back')} ${say('page.city.kept.aid')}` }).click();
  await expect(page.getByRole('heading', { level: 2, name: say('page.city.teams') })).toHaveCount(0);
});
