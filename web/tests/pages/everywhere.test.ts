import type { Page } from '@playwright/test';
import { faults } from '../world/sound.ts';
import { expect, picture, test } from '../world/test.ts';
import type { Planner } from '../world/planner.ts';
import { like, say, UNSAID, type Language } from '../world/words.ts';

const PARTS = ['answer', 'adjust', 'timetable', 'site', 'roll', 'files'];

/** Each page as `visit` finds it, from the start to every part of one plan. */
async function everywhere(planner: Planner, language: Language, visit: (name: string) => Promise<void>): Promise<void> {
  await planner.start(language);
  await visit('start');
  await planner.example('sunshine-garden', language);
  await planner.settled(language);
  for (const part of PARTS) {
    await planner.part(part, language);
    await expect(planner.tab(part, language)).toHaveAttribute('aria-current', 'page');
    await expect(planner.page.locator('main h2').first()).toBeAttached();
    await visit(part);
  }
  await planner.part('board', language);
  await expect(planner.page.getByRole('slider', { name: say('page.board.seek', {}, language) })).toBeVisible({ timeout: 40_000 });
  await visit('board');
  await planner.page.getByRole('link', { name: say('page.board.view.list', {}, language), exact: true }).click();
  await expect(planner.page.getByRole('table').first()).toBeVisible();
  await visit('list');
  await planner.page.getByRole('link', { name: say('page.board.plan', {}, language) }).click();
  await planner.part('review', language);
  await expect(planner.page.getByRole('heading', { name: say('page.review.drop', {}, language) })).toBeVisible();
  await visit('review');
}

/** What is only there after something was done: mistakes, an open wave, a large screen, a reviewed round, two who wrote at once. */
async function opened(planner: Planner, language: Language, visit: (name: string) => Promise<void>): Promise<void> {
  const { page } = planner;
  const told = (key: string, gaps: Record<string, string | number> = {}) => say(key, gaps, language);
  await planner.start(language);
  await page.getByRole('textbox', { name: told('page.ask.number') }).fill('0');
  await page.getByRole('textbox', { name: told('page.ask.staff') }).fill('');
  await page.getByRole('button', { name: told('page.ask.go') }).click();
  await expect(page.locator('fieldset li.error')).toHaveCount(2);
  await visit('questions with mistakes');

  const id = await planner.example('sunshine-garden', language);
  await planner.settled(language);
  await planner.part('timetable', language);
  await page.getByRole('button', { name: like('page.wave.told', language) }).nth(2).click();
  await expect(page.getByRole('button', { name: told('page.wave.pin'), exact: true })).toBeVisible();
  await visit('an open wave');

  await planner.part('review', language);
  await page.getByRole('button', { name: like('page.review.try.slow', language) }).click();
  await expect(page.getByRole('heading', { name: told('page.review.report') })).toBeVisible({ timeout: 60_000 });
  await visit('a reviewed round');

  await page.getByRole('link', { name: like('page.review.plan', language) }).click();
  await planner.part('board', language);
  await page.getByRole('link', { name: told('page.board.view.screen'), exact: true }).click();
  await expect(page.getByRole('dialog').getByText(told('page.board.screen.lane', { lane: 1 }), { exact: true })).toBeVisible({ timeout: 40_000 });
  await visit('the big screen');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: told('page.board.plan') }).click();

  await planner.part('adjust', language);
  const lanes = page.getByRole('slider', { name: told('page.adjust.lanes'), exact: true });
  await expect(lanes).toBeVisible();
  await overwrite(planner, id);
  await lanes.press('ArrowLeft');
  await expect(page.getByRole('alert').getByRole('heading', { name: told('page.conflict.title') })).toBeVisible();
  await visit('two who wrote at once');
}

/** Somebody else writes the same file. */
async function overwrite({ page, host }: Planner, id: string): Promise<void> {
  const at = `${host.address}api/v1/scenarios/${id}`;
  const { version, name, files } = (await (await page.request.get(at)).json()) as { version: string; name: string; files: Record<string, string> };
  const scenario = Buffer.from(files['scenario.toml'] ?? '', 'base64').toString().replace('lanes = 4', 'lanes = 5');
  const written = await page.request.put(at, {
    headers: { 'if-match': version },
    data: { name, files: { 'scenario.toml': Buffer.from(scenario).toString('base64') } },
  });
  expect(written.status()).toBe(200);
}

const WALKS = { 'every page': everywhere, 'every card, panel and mistake': opened };

/** How far the page reaches beyond the window, in pixels. */
function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

for (const [[walk, go], [colours, language, width]] of Object.entries(WALKS).flatMap((walk) =>
  ([['light', 'en', 1440], ['dark', 'zh', 320], ['dark', 'en', 1440], ['light', 'es', 390], ['dark', 'zh-Hant', 390]] as const).map((look) => [walk, look] as const),
)) {
  test(`${walk}, ${colours}, ${language}, ${width} pixels: no serious fault, and nothing scrolls sideways`, async ({ planner, page }) => {
    test.setTimeout(240_000);
    await page.emulateMedia({ colorScheme: colours });
    await page.setViewportSize({ width, height: 900 });
    await go(planner, language, async (name) => {
      await expect(page.locator('html')).toHaveAttribute('lang', say('language.html', {}, language));
      expect.soft(await page.locator('body').innerText(), name).not.toMatch(UNSAID);
      expect.soft(await faults(page), name).toEqual([]);
      if (name === 'answer' && colours === 'light') await picture(page, 'plan-en');
      if (name === 'answer' && width === 320) await picture(page, 'phone-zh');
    });
  });
}

for (const [walk, go] of Object.entries(WALKS)) {
  test(`${walk} at 200 % text: nothing is cut off or lies over its neighbour`, async ({ planner, page }) => {
    test.setTimeout(240_000);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.addInitScript(() => addEventListener('DOMContentLoaded', () => document.documentElement.style.setProperty('font-size', '200%')));
    await go(planner, 'en', async (name) => {
      expect.soft(await sideways(page), name).toBe(0);
      const cut = await page.evaluate(() => {
        const shown = (element: Element) => element.clientWidth > 1 && !element.closest('.hidden, .scroll, .frame, textarea');
        return [...document.querySelectorAll('main button, main a, main h1, main h2, main h3, main p, main th, main td, main label, main output')]
          .filter((element) => shown(element) && getComputedStyle(element).overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1)
          .map((element) => element.outerHTML.slice(0, 120));
      });
      expect.soft(cut, name).toEqual([]);
    });
  });
}

for (const [walk, go] of Object.entries(WALKS)) {
  test(`${walk} at 320 pixels: nothing scrolls sideways, and every control is large enough for a thumb`, async ({ planner, page }) => {
    test.setTimeout(240_000);
    await page.setViewportSize({ width: 320, height: 640 });
    await go(planner, 'en', async (name) => {
      expect.soft(await sideways(page), name).toBe(0);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('main button, main .button, main select, main input:not([type=radio], [type=checkbox], [type=range], .hidden), nav a')]
          .map((element) => ({ element, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0 && (box.height < 44 || box.width < 44))
          .map(({ element, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${element.outerHTML.slice(0, 100)}`),
      );
      expect.soft(small, name).toEqual([]);
    });
  });
}
