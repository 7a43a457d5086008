import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { expect, picture, test } from '../world/test.ts';
import type { Planner } from '../world/planner.ts';
import { say, type Language } from '../world/words.ts';

const PARTS = ['answer', 'adjust', 'timetable', 'site', 'roll', 'files'];

/** Each page as `visit` finds it, from the start to every part of one plan. */
async function everywhere(planner: Planner, language: Language, visit: (name: string) => Promise<void>): Promise<void> {
  await planner.start(language);
  await visit('start');
  await planner.example('sunshine-garden', language);
  await planner.settled(language);
  for (const part of PARTS) {
    await planner.part(part, language);
    await expect(planner.page.getByRole('link', { name: say(`page.part.${part}`, {}, language), exact: true })).toHaveAttribute('aria-current', 'page');
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

/** How far the page reaches beyond the window, in pixels. */
function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Serious and critical faults, each with where it is. Contrast is among the rules. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations, passes } = await (window as unknown as { axe: typeof axe }).axe.run(document);
    if (!passes.some(({ id }) => id === 'color-contrast')) return ['no contrast was looked at'];
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`));
  });
}

for (const [colours, language, width] of [['light', 'en', 1440], ['dark', 'zh', 320], ['dark', 'en', 1440]] as const) {
  test(`every page, ${colours}, ${language}, ${width} pixels: no serious fault, and nothing scrolls sideways`, async ({ planner, page }) => {
    await page.emulateMedia({ colorScheme: colours });
    await page.setViewportSize({ width, height: 900 });
    await everywhere(planner, language, async (name) => {
      await expect(page.locator('html')).toHaveAttribute('lang', language === 'zh' ? 'zh-CN' : 'en');
      expect.soft(await faults(page), name).toEqual([]);
      expect.soft(await sideways(page), name).toBe(0);
      if (name === 'answer' && colours === 'light') await picture(page, 'plan-en');
      if (name === 'answer' && width === 320) await picture(page, 'phone-zh');
    });
  });
}

test('at 200 % text nothing is cut off or lies over its neighbour', async ({ planner, page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.addInitScript(() => addEventListener('DOMContentLoaded', () => document.documentElement.style.setProperty('font-size', '200%')));
  await everywhere(planner, 'en', async (name) => {
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

test('at 320 pixels nothing scrolls sideways, and every control is large enough for a thumb', async ({ planner, page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await everywhere(planner, 'en', async (name) => {
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
