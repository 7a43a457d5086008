import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Planner } from '../world/planner.ts';
import { expect, picture, test } from '../world/test.ts';
import { workbook } from '../world/workbook.ts';
import { like, say } from '../world/words.ts';

const HEADS = ['楼栋', '单元', '室号', '姓名', '备注'];
/** Nobody of these exists. */
const GOOD = [
  ['1', '1', '101', '示例甲', '高龄'], ['1', '1', '101', '示例乙', ''], ['1', '1', '102', '示例丙', '学生'], ['1', '2', '201', '示例丁', ''],
];
const csv = (rows: string[][]) => Buffer.from(`\ufeff${rows.map((row) => row.join(',')).join('\n')}\n`);

test('bad rows of a dropped roll are shown, and mended where they stand', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.part('roll');
  const bad = [HEADS, ...GOOD, ['1', '2', '12月2日', '示例戊', ''], ['', '', '', '示例己', '搞龄']];
  await page.locator('input[type=file]').setInputFiles({ name: '花名册.csv', mimeType: 'text/csv', buffer: csv(bad) });
  const row = page.getByRole('listitem').filter({ hasText: say('page.note.row', { row: 6 }) });
  await expect(row).toContainText(say('note.roll_door_is_date'));
  await expect(row).toContainText(say('mend.roll_door_is_date'));
  await expect(page.getByText(like('page.roll.refused'))).toBeVisible();
  await picture(page, 'roll-en');
  await row.getByRole('textbox', { name: '室号' }).fill('202');
  await expect(row).toContainText(say('page.roll.mended'));
  const last = page.getByRole('listitem').filter({ hasText: say('page.note.row', { row: 7 }) });
  await last.getByRole('textbox', { name: '备注' }).fill('高龄');
  await expect(page.getByText(say('page.roll.counted', { entrances: 2, households: 4, people: 6 }))).toBeVisible();
  await expect(last).toContainText(say('page.roll.mended'));
});

test('a roll in GB18030 is read as it is kept @anywhere', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.part('roll');
  const bytes = readFileSync(fileURLToPath(new URL('../rolls/gb18030.csv', import.meta.url)));
  await page.locator('input[type=file]').setInputFiles({ name: '名单.csv', mimeType: 'text/csv', buffer: bytes });
  await expect(page.getByText(say('page.roll.counted', { entrances: 2, households: 3, people: 4 }))).toBeVisible();
});

test('a workbook is read, its bad row mended, and kept as text @anywhere', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.part('roll');
  const rows = [['示例小区名册'], HEADS, ...GOOD, ['1', '2', '12月2日', '示例戊', '']];
  await page.locator('input[type=file]').setInputFiles({ name: 'roll.xlsx', mimeType: 'application/octet-stream', buffer: workbook(rows) });
  const row = page.getByRole('listitem').filter({ hasText: say('page.note.row', { row: 7 }) });
  await expect(row).toBeVisible();
  await row.getByRole('textbox', { name: '室号' }).fill('301');
  await expect(page.getByText(say('page.roll.counted', { entrances: 2, households: 4, people: 5 }))).toBeVisible();
  await planner.part('files');
  await expect(page.getByText('roll.csv')).toBeVisible();
  await expect(page.getByText('roll.xlsx')).toHaveCount(0);
});

test('what is no list is refused with what to do, and the old roll stays', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('roll');
  const counted = await page.getByText(like('page.roll.counted')).textContent();
  await page.locator('input[type=file]').setInputFiles({ name: 'roll.xlsx', mimeType: 'application/octet-stream', buffer: workbook([HEADS, ...GOOD]).subarray(0, 400) });
  await expect(page.locator('.notes .error .mend')).not.toBeEmpty();
  await expect(page.getByText(counted ?? '')).toBeVisible();
});

/** Two waves pinned in the timetable, the first and the third of the day. */
async function pinned(planner: Planner): Promise<void> {
  const { page } = planner;
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('timetable');
  for (const at of [0, 2]) {
    await page.getByRole('button', { name: like('page.wave.told') }).nth(at).click();
    await page.getByRole('button', { name: say('page.wave.pin'), exact: true }).click();
    await page.getByRole('button', { name: say('page.close') }).click();
  }
  await expect(page.getByRole('button', { name: like('page.wave.pinned') })).toHaveCount(2);
  await planner.saved();
}

test('the roll of another town lets pinned waves go, says so, and undoing brings them back', async ({ planner, page }) => {
  await pinned(planner);
  await planner.part('roll');
  await page.locator('input[type=file]').setInputFiles({ name: 'town.csv', mimeType: 'text/csv', buffer: csv([HEADS, ...GOOD]) });
  await expect(page.getByText(say('page.roll.counted', { entrances: 2, households: 3, people: 4 }))).toBeVisible();
  const gone = page.getByRole('status').filter({ hasText: say('page.roll.pins_gone', { n: 2 }) });
  await expect(gone).toBeVisible();
  await planner.part('timetable');
  await expect(page.getByRole('button', { name: like('page.wave.told') })).toHaveCount(2);
  await expect(page.getByRole('button', { name: like('page.wave.pinned') })).toHaveCount(0);
  await page.getByRole('button', { name: say('page.undo') }).first().click();
  await expect(page.getByRole('button', { name: like('page.wave.pinned') })).toHaveCount(2, { timeout: 40_000 });
});

test('a roll that lacks one door lets go only of the pinned wave that calls it', async ({ planner, page }) => {
  await pinned(planner);
  const at = join(planner.host.data as string, 'scenarios', planner.id);
  const plan = JSON.parse(readFileSync(join(at, 'plan.json'), 'utf8')) as { waves: { pinned?: boolean; members: string[] }[] };
  const [lost, kept] = plan.waves.filter((wave) => wave.pinned);
  const [building = '', entrance = '', door = ''] = (lost?.members[0] ?? '').split('-');
  const rows = readFileSync(join(at, 'roll.csv'), 'utf8').split('\n');
  const left = rows.filter((row) => !row.startsWith(`${building}号楼,${entrance}单元,${door},`));
  expect(left.length, `rows of ${lost?.members[0]}: ${rows[1]}`).toBeLessThan(rows.length);
  await planner.part('roll');
  await page.locator('input[type=file]').setInputFiles({ name: 'newer.csv', mimeType: 'text/csv', buffer: Buffer.from(left.join('\n')) });
  const gone = page.getByRole('status').filter({ hasText: say('page.roll.pins_gone', { n: 1 }) });
  await expect(gone).toBeVisible();
  await planner.saved();
  // What is kept calls every door of the new roll, so that a board can play it.
  const now = JSON.parse(readFileSync(join(at, 'plan.json'), 'utf8')) as typeof plan;
  expect(now.waves.filter((wave) => wave.pinned).map((wave) => wave.members)).toEqual([kept?.members]);
  const doors = (of: typeof plan) => of.waves.flatMap((wave) => wave.members).toSorted();
  expect(doors(now)).toEqual(doors(plan).filter((one) => one !== lost?.members[0]));
  await gone.getByRole('button', { name: say('page.undo') }).click();
  await expect(gone).toHaveCount(0);
  await planner.saved();
  expect(JSON.parse(readFileSync(join(at, 'plan.json'), 'utf8'))).toEqual(plan);
});

test('a folder whose plan is of another town says which household is not in the roll', async ({ planner, page }) => {
  const folder = Object.fromEntries(['scenario.toml', 'roll.csv'].map((name) => [name, readFileSync(new URL(`../../../examples/sunshine-garden/${name}`, import.meta.url))]));
  const wave = { number: 1, call_at: '07:05:00', lane: 1, households: 1, people: 2, members: ['99-9-999'], pinned: true };
  await planner.folder('elsewhere', { ...folder, 'plan.json': JSON.stringify({ policy: 'waves', load: 0.9, waves: [wave] }) });
  await expect(page.getByText(say('note.plan_household_unknown', { household: '99-9-999' }))).toBeVisible();
});
