import { expect, picture, test } from '../world/test.ts';
import type { Planner } from '../world/planner.ts';
import { like, say } from '../world/words.ts';

const PLAY = { name: say('page.board.play') };
const PAUSE = { name: say('page.board.pause') };

async function board(planner: Planner): Promise<void> {
  await planner.example('sunshine-garden');
  await planner.settled();
  await planner.part('board');
  await expect(planner.page.getByRole('slider', { name: say('page.board.seek') })).toBeVisible({ timeout: 40_000 });
}

test('a rehearsal is played, paused, sought and hurried @anywhere', async ({ planner, page }) => {
  await board(planner);
  const seek = page.getByRole('slider', { name: say('page.board.seek') });
  const clock = page.locator('.clock time');
  if (await page.getByRole('button', PAUSE).isVisible()) await page.getByRole('button', PAUSE).click();
  await seek.fill('20');
  await expect(clock).toHaveText('07:20');
  await page.getByRole('combobox', { name: say('page.board.speed') }).selectOption('60');
  await page.getByRole('button', PLAY).click();
  await expect(clock).not.toHaveText('07:20');
  await page.getByRole('button', PAUSE).click();
  const stopped = await clock.textContent();
  await page.getByRole('button', { name: say('page.board.on'), exact: true }).click();
  await expect(clock).not.toHaveText(stopped ?? '');
  await page.getByRole('button', { name: say('page.board.back'), exact: true }).click();
  await expect(clock).toHaveText(stopped ?? '');
});

test('two ways stand side by side, and what becomes true is said in one sentence', async ({ planner, page }) => {
  await board(planner);
  const both = page.getByRole('radio', { name: say('page.board.both') });
  await both.check();
  const sides = page.getByRole('article');
  await expect(sides).toHaveCount(2);
  await page.getByRole('slider', { name: say('page.board.seek') }).fill('60');
  const before = page.getByRole('article', { name: say('policy.broadcast') });
  const plan = page.getByRole('article', { name: say('policy.waves') });
  const findings = before.getByRole('heading', { name: say('page.board.findings') }).locator('xpath=..').getByRole('listitem');
  await expect(findings.first()).toContainText(/^\d\d:\d\d/, { timeout: 40_000 });
  await expect(plan.getByText(say('page.board.waves'), { exact: false }).first()).toBeVisible();
  await picture(page, 'board-en');
});

test('the list says the same as the picture, and the big screen who is served now', async ({ planner, page }) => {
  await board(planner);
  await page.getByRole('radio', { name: say('policy.waves') }).check();
  await page.getByRole('slider', { name: say('page.board.seek') }).fill('90');
  await page.getByRole('link', { name: say('page.board.view.list'), exact: true }).click();
  await expect(page.getByText(like('page.board.list.sum'))).toContainText('08:30');
  await expect(page.getByRole('row', { name: /registration/i })).toHaveCount(4);
  await page.getByRole('link', { name: say('page.board.view.screen'), exact: true }).click();
  await expect(page.getByRole('button', { name: say('page.board.screen.close') })).toBeVisible();
  await picture(page, 'screen-en');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: say('page.board.screen.close') })).toHaveCount(0);
});
