import { test as base, expect, type BrowserContext, type CDPSession, type Locator, type Page } from '@playwright/test';
import { REST_MS } from '../../src/station/once.ts';
import { rootHost, type RootHost } from './root_host.ts';
import { RoundServer } from './round_server.ts';
import { say, type Language } from './words.ts';

export { expect };

/** Somebody with a cheap phone at a table. Each thing that the hands do is counted. */
export class Volunteer {
  actions = 0;
  #tapped = 0;
  #scanner: CDPSession | null = null;
  constructor(readonly page: Page, readonly host: RootHost, readonly language: Language = 'en') {}

  say(key: string, gaps: Record<string, string | number> = {}): string {
    return say(`page.station.${key}`, gaps, this.language);
  }

  async join(server: RoundServer): Promise<void> {
    await server.stand(this.page.context());
    await this.page.goto(`${this.host.address}join?lang=${this.language}#TOKEN`);
    await expect(this.page.locator('header .truth')).toBeVisible();
    await expect(this.page).toHaveURL(/\/station$/);
  }

  /** Until the next load works without a network. */
  async installed(): Promise<void> {
    await this.page.evaluate(async () => { await navigator.serviceWorker.ready; });
  }

  async tap(key: string, gaps: Record<string, string | number> = {}): Promise<void> {
    this.actions += 1;
    await this.touch(this.page.getByRole('button', { name: this.say(key, gaps), exact: true }));
  }

  async tapLike(name: RegExp): Promise<void> {
    this.actions += 1;
    await this.touch(this.page.getByRole('button', { name }).first());
  }

  /** A finger on anything. */
  async touch(what: Locator): Promise<void> {
    await this.#see();
    await what.click();
    this.#tapped = Date.now();
  }

  /** What has come under a finger is not read sooner; a tap before would be taken for the second of a glove. */
  async #see(): Promise<void> {
    await this.page.waitForTimeout(Math.max(0, this.#tapped + REST_MS - Date.now()));
  }

  async digits(text: string): Promise<void> {
    await this.#see();
    for (const digit of text) {
      this.actions += 1;
      await this.page.getByRole('button', { name: digit, exact: true }).click();
    }
  }

  /** A scanner is a keyboard that ends with Enter. It waits for nobody: all its keys are on their way before the page has heard the first. */
  async scan(code: string): Promise<void> {
    this.actions += 1;
    const scanner = (this.#scanner ??= await this.page.context().newCDPSession(this.page));
    const keys = [...code].map((key) => ({ key, text: key }));
    const strokes = [...keys, { key: 'Enter', code: 'Enter', text: '\r', windowsVirtualKeyCode: 13 }];
    await Promise.all(strokes.flatMap((stroke) => [
      scanner.send('Input.dispatchKeyEvent', { type: 'keyDown', ...stroke }),
      scanner.send('Input.dispatchKeyEvent', { type: 'keyUp', key: stroke.key }),
    ]));
  }

  async role(role: string): Promise<void> {
    await this.tap('menu');
    await this.tap(`role.${role}`);
    await this.tap('seat.done');
  }

  get truth() {
    return this.page.locator('header .truth');
  }
}

interface Each {
  volunteer: Volunteer;
  server: RoundServer;
}

export const test = base.extend<Each, { root: RootHost }>({
  root: [async ({}, use) => {
    const host = await rootHost();
    await use(host);
    await host.close();
  }, { scope: 'worker' }],
  server: async ({}, use) => use(new RoundServer()),
  volunteer: async ({ page, context, root }, use) => {
    await page.setViewportSize({ width: 360, height: 640 });
    const faults = watch(context, page);
    await use(new Volunteer(page, root));
    expect(faults, 'errors in the page').toEqual([]);
  },
});

/** Without a network a browser calls each request that fails an error; so it does with a refused one. */
const ANSWERS = [/ERR_INTERNET_DISCONNECTED/, /status of (403|503)/, /ERR_FAILED/];

function watch(context: BrowserContext, page: Page): string[] {
  const faults: string[] = [];
  context.on('weberror', (error) => faults.push(`error: ${error.error().message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !ANSWERS.some((answer) => answer.test(message.text()))) faults.push(message.text());
  });
  return faults;
}
