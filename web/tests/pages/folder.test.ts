import { unzipSync } from 'fflate';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { shouhu } from '../world/programs.ts';
import { expect, test } from '../world/test.ts';
import { like, say } from '../world/words.ts';

/** Unpacks a zip file into a new folder, and gives the path of the one folder in it. */
function unpacked(path: string): string {
  const into = mkdtempSync(join(tmpdir(), 'shouhu-folder-'));
  const entries = Object.entries(unzipSync(readFileSync(path)));
  for (const [name, content] of entries) {
    mkdirSync(dirname(join(into, name)), { recursive: true });
    writeFileSync(join(into, name), content);
  }
  return join(into, entries[0]?.[0].split('/')[0] ?? '');
}

test('the downloaded folder gives the same plan in the terminal @anywhere', async ({ planner, page }) => {
  await planner.example('flu-clinic');
  await planner.settled();
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('timetable');
  const first = page.getByRole('button', { name: like('page.wave.told') }).first();
  await first.press('ArrowDown');
  await expect(page.getByRole('button', { name: like('page.wave.pinned') })).toHaveCount(1);
  await expect(page.getByText(say('page.timetable.busy'))).toHaveCount(0, { timeout: 40_000 });
  await planner.saved();
  const times = () => page.locator('.paper tbody th').allTextContents();

  await planner.part('files');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: say('page.take.folder.get') }).click();
  const folder = unpacked(await (await downloading).path());
  expect(JSON.parse(shouhu(['check', folder, '--json'])).notes.filter((note: { severity: string }) => note.severity === 'error')).toEqual([]);
  const plan = JSON.parse(shouhu(['plan', folder, '--keep', join(folder, 'plan.json'), '--json', '--reps', '100'])) as { waves: { call_at: string }[] };
  expect(plan.waves.length).toBeGreaterThan(20);
  // By now the page has planned around the moved wave, however busy the machine.
  await planner.part('timetable');
  await expect.poll(times, { timeout: 40_000 }).toEqual(plan.waves.map((wave) => wave.call_at.slice(0, 5)));
  await planner.part('files');

  const papers = page.waitForEvent('download');
  await page.getByRole('button', { name: say('page.take.sheets') }).click();
  const tonight = unpacked(await (await papers).path());
  expect(JSON.parse(readFileSync(join(tonight, 'plan.json'), 'utf8')).waves).toHaveLength(plan.waves.length);

  // And back: what the terminal has is opened on the page.
  await planner.start();
  await page.locator('input[accept=".zip"]').setInputFiles({ name: 'round.zip', mimeType: 'application/zip', buffer: readFileSync(await (await downloading).path()) });
  await page.waitForURL(/#\/plan\//);
  await planner.part('timetable');
  await expect(page.getByRole('button', { name: like('page.wave.pinned') })).toHaveCount(1);
});

test('a walk-in point gets a page for residents that needs no script and fits a small telephone, and role cards @anywhere', async ({ planner, page, browser }) => {
  await planner.example('walk-in-point');
  await planner.settled();
  await planner.part('files');
  const papers = page.waitForEvent('download');
  await page.getByRole('button', { name: say('page.take.sheets') }).click();
  const tonight = unpacked(await (await papers).path());
  const small = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
  for (const name of ['residents.html', 'roles.html']) {
    const paper = await small.newPage();
    await paper.goto(`file://${join(tonight, name)}`);
    await expect(paper.getByRole('heading', { level: 1 }).first()).toBeVisible();
    const box = await paper.locator('body').boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0), name).toBeLessThanOrEqual(320);
    for (const table of await paper.getByRole('table').all()) expect((await table.boundingBox())?.width, name).toBeLessThanOrEqual(320);
  }
  await small.close();
});

test('a plan that is not here says so, and one that is deleted goes from the list @anywhere', async ({ planner, page }) => {
  await planner.example('walk-in-point');
  const name = say('page.example.walk-in-point');
  await planner.settled();
  const own = page.locator(`a[href="#/plan/${planner.id}"]`);
  await planner.start();
  await expect(own).toHaveText(name);
  page.once('dialog', (dialog) => void dialog.accept());
  // Others may have a plan of this name, too.
  await page.getByRole('listitem').filter({ has: own }).getByRole('button', { name: say('page.open.remove.what', { name }) }).click();
  await expect(own).toHaveCount(0);
});
