import { readFileSync } from 'node:fs';
import { faults } from '../world/sound.ts';
import { expect, test } from '../world/test.ts';
import { openToday } from '../world/today.ts';
import { say } from '../world/words.ts';

const ROLL = 'building,door,name\n1,101,Example A\n1,101,Example B\n1,102,Example C\n1,203,Example D\n';

test('a paper shift is typed without a mouse, outlives a reload, and is stored once', async ({ planner }, info) => {
  const { page } = planner;
  await planner.round('Paper Court', openToday('Paper Court', { registration: 1, sampling: 2 }, { pool: 3 }).scenario, ROLL);
  await expect(page.getByText(say('page.round.phase.before'))).toBeVisible();

  // What is printed comes as a file.
  const [labels] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: say('page.round.paper.print') }).first().click(),
  ]);
  expect(labels.suggestedFilename()).toMatch(/\.pdf$/);
  expect(readFileSync(await labels.path()).subarray(0, 5).toString()).toBe('%PDF-');
  await expect(page.getByText(say('page.round.paper.next', { tube: 25 }))).toBeVisible();

  await page.getByRole('link', { name: say('page.shift'), exact: true }).click();
  await page.getByLabel(say('page.shift.sheet')).fill('1');
  await page.keyboard.press('Enter');
  const type = async (...cells: string[]) => {
    for (const [place, cell] of cells.entries()) {
      if (place > 0) await page.keyboard.press('Tab');
      await page.keyboard.type(cell);
    }
    await page.keyboard.press('Enter');
  };
  await type('000', '101', '2', '1');
  await type('000', '999', '1');
  await type('0:00', '203', '1');
  const wrong = page.getByText(say('paper.door_unknown', { typed: '999' }));
  await expect(wrong).toBeVisible();
  await expect(page.getByText(say('page.shift.at', { row: 2, column: say('page.shift.door') }))).toBeVisible();
  await expect(page.getByText(say('page.shift.count', { rows: 3, people: 3 }))).toBeVisible();
  await expect(page.getByRole('button', { name: say('page.shift.write') })).toBeDisabled();
  await page.screenshot({ path: info.outputPath('typing.png'), fullPage: true });

  expect(await faults(page)).toEqual([]);

  await page.reload();
  await expect(wrong).toBeVisible();
  await page.getByLabel(`${say('page.shift.door')} 2`, { exact: true }).fill('102');
  await page.keyboard.press('Enter');
  await expect(page.getByText(say('page.shift.count', { rows: 3, people: 4 }))).toBeVisible();
  await page.getByRole('button', { name: say('page.shift.write') }).click();
  await expect(page.getByText(say('page.shift.written', { sheet: 1, people: 4 }))).toBeVisible();

  // Somebody else takes the same sheet from a spreadsheet.
  const file = { name: '1', mimeType: 'text/csv', buffer: Buffer.from('时间,门牌,人数,绿色通道\n,,,\n0:00,102,1,\n') };
  await page.getByLabel(say('page.shift.file')).setInputFiles(file);
  // A file's name is not the number that stands on the sheet.
  await expect(page.getByLabel(say('page.shift.sheet'))).toHaveValue('');
  await page.getByLabel(say('page.shift.sheet')).fill('No. 1');
  await expect(page.getByText(say('paper.row_other', { row: 3 }))).toBeVisible();
  await page.getByRole('button', { name: say('page.shift.drop') }).click();
  await expect(page.getByText(say('page.shift.count', { rows: 0, people: 0 }))).toBeVisible();

  // A row was wrong: it is taken back, and does not come again by itself.
  await expect(page.getByRole('heading', { name: say('page.shift.stored', { sheet: 'No. 1' }) })).toBeVisible();
  page.on('dialog', (dialog) => void dialog.accept());
  await page.screenshot({ path: info.outputPath('stored.png'), fullPage: true });
  await page.getByRole('button', { name: say('page.shift.back.row', { row: 1 }) }).click();
  await expect(page.getByRole('button', { name: say('page.shift.back.row', { row: 1 }) })).toHaveCount(0);
  await expect(page.getByRole('button', { name: say('page.shift.back.row', { row: 2 }) })).toBeVisible();

  await page.getByRole('link', { name: say('page.round.desk') }).click();
  await expect(page.getByText(say('page.round.people', { came: 2, served: 0 }))).toBeVisible();
});
