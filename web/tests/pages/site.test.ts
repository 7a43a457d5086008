import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, picture, test } from '../world/test.ts';
import type { Planner } from '../world/planner.ts';
import { say } from '../world/words.ts';

const POST = say('page.site.post', { station: 'registration', lane: 1 });

/** `scenario.toml` as it lies in the server's data folder. */
function written(planner: Planner): string {
  return readFileSync(join(planner.host.data as string, 'scenarios', planner.id, 'scenario.toml'), 'utf8');
}

test('a counter is dragged over the plan of the site, and moved by keyboard', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('site');
  const post = page.getByRole('button', { name: POST, exact: true });
  await expect(post).toBeVisible();
  await picture(page, 'site-en');
  expect(written(planner)).not.toContain('[layout]');
  await post.scrollIntoViewIfNeeded();
  const box = (await post.boundingBox()) as { x: number; y: number; width: number; height: number };
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 30, box.y + box.height / 2 + 20, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await post.boundingBox())?.x).toBeCloseTo(box.x + 30, -1);
  await expect.poll(() => written(planner)).toContain('[layout]');

  await post.focus();
  const before = (await post.boundingBox())?.x ?? 0;
  await planner.saved();
  const dragged = written(planner);
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(async () => (await post.boundingBox())?.x ?? 0).toBeGreaterThan(before);
  await expect.poll(() => written(planner)).not.toBe(dragged);

  await page.getByRole('button', { name: say('page.site.reset') }).click();
  await expect.poll(async () => Math.round((await post.boundingBox())?.x ?? 0)).toBe(Math.round(box.x));
});

test('of two changes at the same moment neither is lost', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('site');
  await page.getByRole('button', { name: say('page.rename'), exact: true }).click();
  await page.getByRole('textbox', { name: say('page.rename.name') }).fill('Twice Changed');
  const wider = page.getByRole('button', { name: say('page.more', { what: say('page.site.width') }) });
  await expect(wider).toBeVisible();
  // In one turn of the page's own loop: the engine is asked for both before it has answered one.
  await wider.evaluate((button: HTMLButtonElement) => {
    button.click();
    document.querySelector<HTMLFormElement>('header form')?.requestSubmit();
  });
  await expect.poll(() => written(planner)).toContain('Twice Changed');
  await expect.poll(() => written(planner)).toContain('width_m');
});

test('ways that branch are drawn as people go, and the two lines of a dispensing site never cross', async ({ planner, page }) => {
  await planner.example('pod-antibiotics');
  await planner.settled();
  await planner.part('site');
  const way = (from: string, to: string) => page.locator(`path[data-from="${from}"][data-to="${to}"]`);
  await expect(way('intake', 'express')).toHaveCount(1);
  await expect(way('intake', 'screening')).toHaveCount(1);
  await expect(way('express', 'exit')).toHaveCount(1);
  await expect(way('express', 'screening')).toHaveCount(0);
});

test('a site too small for its queue says how many metres are missing', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('site');
  const spacing = page.getByRole('textbox', { name: say('page.site.spacing') });
  await spacing.fill('12');
  await expect(page.locator('.notes li').filter({ hasText: /Draw about \d+ m more of queue/ }).first()).toBeVisible();
});

test('the plan of the site is printed on one A4 page without what is only for the screen', async ({ planner, page }) => {
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('site');
  await expect(page.getByRole('button', { name: POST, exact: true })).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation')).toBeHidden();
  await expect(page.getByRole('button', { name: say('page.site.print') })).toBeHidden();
  await expect(page.getByRole('group', { name: /60|\d+ by \d+/ })).toBeVisible();
  const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const boxes = [...paper.matchAll(/\/MediaBox\s*\[([^\]]+)\]/g)].map((found) => found[1]?.trim().split(/\s+/).map((side) => Math.round(Number(side))));
  expect(boxes.length).toBeGreaterThan(0);
  for (const box of boxes) expect(box).toEqual([0, 0, 595, 842]);
  expect(boxes.length).toBe(1);
});
