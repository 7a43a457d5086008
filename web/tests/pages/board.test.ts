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
  // What the clock shows follows by up to a quarter of a second: from a moment that is known.
  await seek.fill('30');
  await expect(clock).toHaveText('07:30');
  await page.getByRole('button', { name: say('page.board.on'), exact: true }).click();
  await expect(clock).toHaveText('07:31');
  await page.getByRole('button', { name: say('page.board.back'), exact: true }).click();
  await expect(clock).toHaveText('07:30');
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

test('a card that is played changes the day, and the board and the figures show it', async ({ planner, page }) => {
  await board(planner);
  await page.getByRole('radio', { name: say('policy.waves') }).check();
  if (await page.getByRole('button', PAUSE).isVisible()) await page.getByRole('button', PAUSE).click();
  await page.getByText(say('page.board.cards'), { exact: true }).click();
  const cards = page.getByRole('list', { name: say('page.board.cards.all') });
  await expect(cards.getByRole('button', { name: new RegExp(say('fault.lab-stops.title')) })).toBeDisabled({ timeout: 40_000 });
  await page.getByRole('slider', { name: say('page.board.seek') }).fill('104');
  const article = page.getByRole('article');
  const waiting = article.getByRole('definition').first();
  const count = async () => parseInt(((await waiting.textContent()) ?? '').replace(',', ''), 10);
  await expect(article).toHaveAttribute('aria-busy', 'false');
  const planned = await count();
  expect(planned).toBeGreaterThan(0);
  await cards.getByRole('button', { name: new RegExp(`^${say('fault.system-down.title')} `) }).click();
  await expect(page.getByText(say('fault.system-down.decide'))).toBeVisible();
  const row = page.getByRole('row', { name: new RegExp(say('page.board.cards.queue')) });
  await expect(row).toBeVisible({ timeout: 40_000 });
  const [before, after] = (await row.getByRole('cell').allTextContents()).map((cell) => Number(cell.replace(',', '')));
  expect(after).toBeGreaterThan((before ?? 0) * 2);
  await expect.poll(count, { timeout: 40_000 }).toBeGreaterThan(planned + 100);
  await page.getByRole('button', { name: say('page.board.cards.away') }).click();
  await expect.poll(count, { timeout: 40_000 }).toBe(planned);
});

test('the list says the same as the picture, and the big screen who is served now', async ({ planner, page }) => {
  await board(planner);
  await page.getByRole('radio', { name: say('policy.waves') }).check();
  // The list is renewed every two seconds, in which a minute passes.
  if (await page.getByRole('button', PAUSE).isVisible()) await page.getByRole('button', PAUSE).click();
  await page.getByRole('slider', { name: say('page.board.seek') }).fill('90');
  await page.getByRole('link', { name: say('page.board.view.list'), exact: true }).click();
  await expect(page.getByText(like('page.board.list.sum'))).toContainText('08:30');
  await expect(page.getByRole('row', { name: /registration/i })).toHaveCount(4);
  await page.getByRole('button', PLAY).click();
  await page.getByRole('link', { name: say('page.board.view.screen'), exact: true }).click();
  const screen = page.getByRole('dialog', { name: say('page.board.screen') });
  await expect(screen.getByRole('button', { name: say('page.board.screen.close') })).toBeFocused();
  for (const lane of [1, 2, 3, 4]) {
    const shown = screen.getByRole('listitem').filter({ has: page.getByText(say('page.board.screen.lane', { lane }), { exact: true }) });
    await expect(shown).toContainText(say('page.board.screen.now_wave'));
    await expect(shown.locator('.wave')).toHaveText(/^\d+$/);
    await expect(shown.locator('.doors li').first()).toHaveText(/\d/);
  }
  // Each wave has one lane; now and then a lane has only people who come late, who are of no wave.
  const waves = () => screen.locator('.wave:not(.none)').allTextContents();
  await expect.poll(async () => new Set(await waves()).size).toBe(4);
  await picture(page, 'screen-en');
  await page.keyboard.press('Escape');
  await expect(screen).toHaveCount(0);
});

test('where nobody is called the big screen shows numbers, and how long who comes now will wait @anywhere', async ({ planner, page }) => {
  await planner.example('walk-in-point');
  await planner.settled();
  await planner.part('board');
  const seek = page.getByRole('slider', { name: say('page.board.seek') });
  await expect(seek).toBeVisible({ timeout: 40_000 });
  if (await page.getByRole('button', PAUSE).isVisible()) await page.getByRole('button', PAUSE).click();
  // A moment in the busy hours of the morning at which several people wait.
  let minute = 60;
  await expect(async () => {
    minute += 5;
    await seek.fill(String(minute));
    await expect(page.getByRole('article')).toHaveAttribute('aria-busy', 'false', { timeout: 10_000 });
    await expect(page.getByRole('article').getByRole('definition').first()).toHaveText(/^([3-9]|[1-9]\d)/, { timeout: 700 });
  }).toPass({ timeout: 60_000 });
  await page.getByRole('link', { name: say('page.board.view.screen'), exact: true }).click();
  const screen = page.getByRole('dialog', { name: say('page.board.screen') });
  await expect(screen.getByText(say('page.board.screen.now'), { exact: true }).first()).toBeVisible();
  await expect(screen.locator('.people li').first()).toHaveText(/^\d+$/);
  await expect(screen.getByText(like('page.board.screen.wait')).first()).toHaveText(/^\d+ wait, about (<1|\d+) min$/);
});

test.describe('on a screen that may move', () => {
  test.use({ reducedMotion: 'no-preference' });

  test('a thousand people walk over the site, frame by frame', async ({ planner, page }) => {
    // What the page's own frames take of its one thread.
    await page.addInitScript(() => {
      const ask = requestAnimationFrame.bind(window);
      const frames = { count: 0, busy_ms: 0 };
      Object.assign(window, { frames });
      window.requestAnimationFrame = (draw) =>
        ask((time) => {
          const begun = performance.now();
          draw(time);
          frames.busy_ms += performance.now() - begun;
          frames.count += 1;
        });
    });
    await board(planner);
    await page.getByRole('radio', { name: say('policy.broadcast') }).check();
    await page.getByRole('combobox', { name: say('page.board.speed') }).selectOption('5');
    await page.getByRole('slider', { name: say('page.board.seek') }).fill('50');
    const picture = page.getByRole('img', { name: like('page.board.picture') });
    const waiting = async () => Number(/[\d,]+/.exec((await picture.getAttribute('aria-label')) ?? '')?.[0].replace(',', ''));
    await expect.poll(waiting).toBeGreaterThan(1000);
    if (await page.getByRole('button', PLAY).isVisible()) await page.getByRole('button', PLAY).click();
    const measured = await page.evaluate(async () => {
      const { frames } = window as unknown as { frames: { count: number; busy_ms: number } };
      const people = document.querySelector<HTMLCanvasElement>('canvas.above');
      const before = people?.toDataURL();
      const [begun, count, busy_ms] = [performance.now(), frames.count, frames.busy_ms];
      await new Promise((go) => setTimeout(go, 4000));
      return {
        moved: people?.toDataURL() !== before,
        seconds: (performance.now() - begun) / 1000,
        frames: frames.count - count,
        busy_ms: frames.busy_ms - busy_ms,
      };
    });
    const a_second = (measured.frames / measured.seconds).toFixed(0);
    const each = (measured.busy_ms / measured.frames).toFixed(1);
    console.log(`board: ${await waiting()} people waiting, ${a_second} frames a second (goal: 60), ${each} ms of the page's thread for each (there are 16.7)`);
    expect(measured.moved, 'dots moved').toBe(true);
    expect(measured.frames).toBeGreaterThan(3);
  });
});
