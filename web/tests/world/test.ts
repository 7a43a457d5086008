import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Host, type Hosting } from './hosts.ts';
import { palettised } from './palette.ts';
import { ROOT } from './programs.ts';
import { Planner } from './planner.ts';

export { expect };

interface Each {
  /** Waits while the day is about to end. */
  midday: void;
  planner: Planner;
  /** Another browser on the same host, with the same rules. */
  another: () => Promise<Planner>;
}

interface Shared {
  hosting: Hosting;
  host: Host;
}

/** A refused write and a refused notice are answers, and so is a network that a test takes away; Chromium calls them errors. */
const ANSWERS = [/status of 409/, /status of 412/, /status of 422/, /ERR_INTERNET_DISCONNECTED/];

const DAY_MS = 86_400_000;
/** Of the day, for a test that begins. */
const LEFT_MS = 180_000;

/** Pages under test: nothing leaves their origin, and nothing goes wrong unseen. */
export const test = base.extend<Each, Shared>({
  midday: [async ({}, use, info) => {
    // What is today is over where clocks are those of UTC, or of a host that sets no time zone.
    const left_ms = Math.min(...[0, 8].map((ahead_h) => DAY_MS - ((Date.now() + ahead_h * 3_600_000) % DAY_MS)));
    if (left_ms < LEFT_MS) {
      info.setTimeout(info.timeout + left_ms);
      await new Promise((go) => setTimeout(go, left_ms));
    }
    await use();
  }, { auto: true }],
  hosting: ['served', { option: true, scope: 'worker' }],
  host: [
    async ({ hosting }, use) => {
      const host = await open(hosting);
      await use(host);
      await host.close();
    },
    { scope: 'worker' },
  ],
  planner: async ({ context, page, host }, use) => {
    const faults = watch(context, page, host);
    await use(new Planner(page, host));
    expect(faults, 'requests that left the origin, and errors in the page').toEqual([]);
  },
  another: async ({ browser, host }, use) => {
    const opened: { context: BrowserContext; faults: string[] }[] = [];
    await use(async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      opened.push({ context, faults: watch(context, page, host) });
      return new Planner(page, host);
    });
    for (const { context, faults } of opened) {
      await context.close();
      expect(faults).toEqual([]);
    }
  },
});

/** What happens in a browser that must not happen, as it comes. */
function watch(context: BrowserContext, page: Page, host: Host): string[] {
  const faults: string[] = [];
  const origin = new URL(host.address).origin;
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (!['blob:', 'data:'].includes(url.protocol) && url.origin !== origin) faults.push(`left the origin: ${url.href}`);
  });
  context.on('weberror', (error) => faults.push(`error: ${error.error().message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !ANSWERS.some((answer) => answer.test(message.text()))) faults.push(`console: ${message.text()}`);
  });
  return faults;
}

/** A picture for the documentation, taken only when SHOUHU_PICTURES asks for it. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!process.env.SHOUHU_PICTURES) return;
  const folder = join(ROOT, 'docs/pictures');
  mkdirSync(folder, { recursive: true });
  await page.evaluate(() => scrollTo(0, 0));
  writeFileSync(join(folder, `${name}.png`), palettised(await page.screenshot({ scale: 'css', animations: 'disabled' })));
}
