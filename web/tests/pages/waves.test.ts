import type { Locator, Page } from '@playwright/test';
import { expect, picture, test } from '../world/test.ts';
import type { Planner } from '../world/planner.ts';
import { like, say } from '../world/words.ts';

const TOLD = { name: like('page.wave.told') };
const PINNED = { name: like('page.wave.pinned') };

async function timetable(planner: Planner): Promise<void> {
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('timetable');
  await expect(planner.page.getByRole('button', TOLD).first()).toBeVisible();
}

/** Time and doors of each wave, as its block says them. */
async function waves(page: Page): Promise<string[]> {
  return page.getByRole('button', TOLD).evaluateAll((blocks) => blocks.map((block) => `${block.querySelector('b')?.textContent} ${block.querySelector('span')?.textContent}`));
}

function clock(block: Locator): Locator {
  return block.locator('b');
}

test('a wave dragged to another time stays there, and the rest is planned around it', async ({ planner, page }) => {
  await timetable(planner);
  const were = await waves(page);
  const block = page.getByRole('button', TOLD).nth(8);
  const doors = await block.locator('span').first().textContent();
  const time = await clock(block).textContent();
  await block.scrollIntoViewIfNeeded();
  const box = (await block.boundingBox()) as { x: number; y: number; width: number; height: number };
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const share of [0.25, 0.5, 0.75, 1]) await page.mouse.move(x, y + 130 * share);
  const held = page.getByRole('button', PINNED).or(page.locator('button.held'));
  const put = (await clock(held.first()).textContent()) ?? '';
  expect(put).not.toBe(time);
  await page.mouse.up();

  const pinned = page.getByRole('button', PINNED);
  await expect(pinned).toHaveCount(1);
  await expect(page.getByText(say('page.timetable.busy'))).toHaveCount(0, { timeout: 40_000 });
  await expect(pinned).toContainText(doors ?? '');
  await expect(clock(pinned)).toHaveText(put);
  const others = (all: string[]) => all.filter((wave) => !wave.endsWith(doors ?? ''));
  await expect.poll(async () => others(await waves(page)), { timeout: 40_000 }).not.toEqual(others(were));
  await picture(page, 'timetable-en');

  await planner.saved();
  await page.reload();
  await expect(clock(page.getByRole('button', PINNED))).toHaveText(put);
  await expect(page.getByRole('button', PINNED)).toContainText(doors ?? '');
});

test('a wave is moved, pinned and let go by keyboard', async ({ planner, page }) => {
  await timetable(planner);
  const block = page.getByRole('button', TOLD).nth(5);
  await block.focus();
  const time = (await clock(block).textContent()) ?? '';
  // Both at once: between them it may be planned anew, and another wave would have the place.
  await block.evaluate((of) => {
    for (const shiftKey of [true, false]) of.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', shiftKey, bubbles: true, cancelable: true }));
  });
  await expect(clock(block)).toHaveText(later(time, 6));
  const pinned = page.getByRole('button', PINNED);
  await expect(pinned).toHaveCount(1);
  await expect(page.getByText(say('page.timetable.busy'))).toHaveCount(0, { timeout: 40_000 });
  await expect(clock(pinned)).toHaveText(later(time, 6));
  await pinned.focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('region', { name: like('page.wave.title') });
  await panel.getByRole('button', { name: say('page.wave.unpin'), exact: true }).press('Enter');
  await expect(pinned).toHaveCount(0);
  await page.getByRole('button', { name: say('page.undo') }).click();
  await expect(pinned).toHaveCount(1);
});

function later(time: string, minutes: number): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const at = hour * 60 + minute + minutes;
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
}

test('better call times are searched for, shown as a trade, and taken', async ({ planner, page }) => {
  await timetable(planner);
  await page.getByRole('link', { name: say('page.search') }).click();
  await page.getByLabel(say('page.search.seconds')).selectOption('10');
  await page.getByRole('button', { name: say('page.search.do'), exact: true }).click();
  await expect(page.getByRole('heading', { name: say('page.search.trade') })).toBeVisible({ timeout: 80_000 });
  await expect(page.getByRole('row').filter({ hasText: say('page.search.this') })).toHaveCount(2);
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
  await page.getByRole('button', { name: say('page.search.take') }).click();
  await expect(page.getByText(say('page.search.taken'))).toBeVisible();
  await planner.part('timetable');
  await expect(page.getByRole('button', PINNED).first()).toBeVisible();
});
