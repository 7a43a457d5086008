import { expect, type Locator, type Page } from '@playwright/test';
import type { Host } from './hosts.ts';
import { say, type Language } from './words.ts';

/** The planner as a person uses it. */
export class Planner {
  constructor(readonly page: Page, readonly host: Host) {}

  async start(language: Language = 'en'): Promise<void> {
    await this.page.goto(`${this.host.address}?lang=${language}`);
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(say('page.start.title', {}, language));
    // Services and examples come from the engine.
    await expect(this.page.getByRole('radio', { checked: true })).toHaveCount(2);
  }

  /** Opens an example; its plan is what is open then. */
  async example(name: string, language: Language = 'en'): Promise<string> {
    await this.start(language);
    await this.page.getByRole('button', { name: say(`page.example.${name}`, {}, language), exact: true }).click();
    await this.page.waitForURL(/#\/plan\//);
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible();
    return this.id;
  }

  /** Opens a folder of these files. */
  async folder(name: string, files: Record<string, string | Buffer>): Promise<string> {
    const { zipSync } = await import('fflate');
    const tree = Object.fromEntries(Object.entries(files).map(([path, content]) => [`${name}/${path}`, new Uint8Array(Buffer.from(content))]));
    await this.start();
    await this.page.locator('input[accept=".zip"]').setInputFiles({ name: `${name}.zip`, mimeType: 'application/zip', buffer: Buffer.from(zipSync(tree)) });
    await this.page.waitForURL(/#\/plan\//);
    return this.id;
  }

  /** A round of these files, for a community that is new; its desk is what is open then. */
  async round(community: string, scenario: string, roll: string): Promise<void> {
    await this.folder('example', { 'scenario.toml': scenario, 'roll.csv': roll });
    await this.part('round');
    await this.page.locator('form select').selectOption(say('page.rounds.community.new'));
    await this.page.getByLabel(say('page.rounds.community.name')).fill(community);
    await this.page.getByRole('button', { name: say('page.rounds.make.do') }).click();
    await this.page.waitForURL(/#\/round\//);
  }

  get id(): string {
    return decodeURIComponent(/#\/\w+\/([^/]+)/.exec(this.page.url())?.[1] ?? '');
  }

  /** Goes to a part of the plan by its tab. */
  async part(name: string, language: Language = 'en'): Promise<void> {
    await this.tab(name, language).click();
  }

  /** A part's own link: the parts may have links to one another, too. */
  tab(name: string, language: Language = 'en') {
    const tabs = this.page.getByRole('navigation', { name: say('page.parts', {}, language) });
    return tabs.getByRole('link', { name: say(`page.part.${name}`, {}, language), exact: true });
  }

  /** All replications are in. */
  async settled(language: Language = 'en'): Promise<void> {
    const { first, second } = parts(say('page.settled', {}, language));
    await expect(this.page.getByText(new RegExp(`${first}100${second}`))).toBeVisible({ timeout: 40_000 });
  }

  /** All that was changed is kept. */
  async saved(): Promise<void> {
    await expect(this.page.getByText(say('page.saved'), { exact: true })).toBeVisible();
  }

  /** A figure beside its name: of the plan, or of the way before it. */
  figure(key: string, side: 'now' | 'before' = 'now'): Locator {
    return this.page.getByRole('row', { name: new RegExp(say(key)) }).locator(`td.${side} b`);
  }

  /** Presses Tab until this has the focus. */
  async tabTo(target: Locator, most = 120): Promise<void> {
    for (let pressed = 0; pressed < most; pressed += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`not reached by ${most} presses of Tab: ${target}`);
  }
}

function parts(sentence: string): { first: string; second: string } {
  const [first = '', second = ''] = sentence.split(/\{\w+\}/);
  return { first, second };
}
