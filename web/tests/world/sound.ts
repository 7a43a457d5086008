import axe from 'axe-core';
import { expect, type Page } from '@playwright/test';
import { join } from 'node:path';

interface Strictness {
  /** Faults of any impact, not only serious and critical ones. */
  every?: boolean;
  /** A contrast of 7 to 1, for phones in the sun. */
  enhanced?: boolean;
}

/** What is wrong for those who hear, read or tap a page, each with where it is, and how far it reaches beyond the window. */
export async function faults(page: Page, { every = false, enhanced = false }: Strictness = {}): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async ({ every, enhanced }) => {
    const rules = { 'color-contrast-enhanced': { enabled: enhanced } };
    const { violations, passes } = await (window as unknown as { axe: typeof axe }).axe.run(document, { rules });
    const found = violations.filter(({ impact }) => every || impact === 'serious' || impact === 'critical');
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    return [
      ...(passes.some(({ id }) => id === 'color-contrast') ? [] : ['no contrast was looked at']),
      ...found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`)),
      ...(wide > 0 ? [`${wide} pixels too wide`] : []),
    ];
  }, { every, enhanced });
}

/** The same in a window of this width. */
export async function sound(page: Page, width: number, strictness?: Strictness): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  expect(await faults(page, strictness), `${width} pixels`).toEqual([]);
}

/** The same, and kept for whoever wants to look, where SHOUHU_LOOK names a folder. */
export async function look(page: Page, name: string): Promise<void> {
  expect.soft(await faults(page), name).toEqual([]);
  await keep(page, name);
}

/** A picture for whoever wants to look, where SHOUHU_LOOK names a folder. */
export async function keep(page: Page, name: string): Promise<void> {
  if (process.env.SHOUHU_LOOK) await page.screenshot({ path: join(process.env.SHOUHU_LOOK, `${name}.png`), fullPage: true });
}
