import { expect, test } from '@playwright/test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Folder, FolderClass, Sheet } from '../../src/engine/contract.ts';
import { offsetMin } from '../../src/engine/zones.ts';
import { saidBy } from '../../build/words.ts';
import type { Taught } from '../../src/engine/teach.ts';
import type { Hindsight } from '../../src/review/contract.ts';
import { ROOT, shouhu } from '../world/programs.ts';

const MODULE = join(ROOT, 'web/src/engine/module');
/** Few enough for a debug build, enough for each station to have had its queue. */
const REPS = 12;

const LANGUAGES = ['en', 'zh-Hant'] as const;

/** A module carries no language: it is handed what the page's build hands it. */
function taught(module: Taught): void {
  for (const language of LANGUAGES) module.teach(language, JSON.stringify(saidBy('engine', language)));
}

/** The page's module, as a page loads it. */
async function folderClass(): Promise<FolderClass> {
  const module = (await import(join(MODULE, 'browser.js'))) as Taught & { default(from: object): Promise<unknown>; Folder: FolderClass };
  await module.default({ module_or_path: readFileSync(join(MODULE, 'browser_bg.wasm')) });
  taught(module);
  return module.Folder;
}

/** The module that looks back. */
async function hindsight(): Promise<Hindsight> {
  const module = (await import(join(MODULE, 'review.js'))) as Taught & {
    default(from: object): Promise<unknown>;
    Hindsight: new (offset_min: typeof offsetMin) => Hindsight;
  };
  await module.default({ module_or_path: readFileSync(join(MODULE, 'review_bg.wasm')) });
  taught(module);
  return new module.Hindsight(offsetMin);
}

interface Tonight {
  put(path: string, content: Uint8Array): void;
  sheets(plan: string, language: string): string;
}

/** The module that writes papers to hand out, with a folder's files. */
async function tonight(folder: Folder): Promise<Tonight> {
  const module = (await import(join(MODULE, 'tonight.js'))) as Taught & {
    default(from: object): Promise<unknown>;
    Tonight: new (offset_min: typeof offsetMin) => Tonight;
  };
  await module.default({ module_or_path: readFileSync(join(MODULE, 'tonight_bg.wasm')) });
  taught(module);
  const papers = new module.Tonight(offsetMin);
  for (const path of folder.paths()) papers.put(path, folder.get(path) ?? new Uint8Array());
  return papers;
}

/** A scenario's folder here, and the same in the page's module. */
async function both(name: string): Promise<{ place: string; at: string; folder: Folder }> {
  const place = mkdtempSync(join(tmpdir(), 'shouhu-bytes-'));
  const at = join(place, name);
  shouhu(['init', at, '--example', name]);
  const folder = new (await folderClass())(offsetMin);
  expect(folder.fromExample(name)).toBe(true);
  return { place, at, folder };
}

/** What a run cost is not the same twice. */
function uncosted(json: string): string {
  return json.trim().replace(/"(cpu_s|wall_s|people_per_second)":(null|[-+.\deE]+)/g, '"$1":0');
}

// The last is lived by the event engine: its people have ways back.
for (const name of ['sunshine-garden', 'flu-clinic', 'polling-place']) {
  test(`the page and the terminal give the same bytes: ${name}`, async () => {
    const { place, at, folder } = await both(name);
    for (const path of folder.paths()) expect(Buffer.from(folder.get(path) ?? []).equals(readFileSync(join(at, path))), path).toBe(true);
    const common = ['--json', '--lang', 'en', '--seed', '7', '--reps', String(REPS)];
    const options = { seed: 7, reps: REPS };
    expect(folder.check('en')).toBe(shouhu(['check', at, '--json', '--lang', 'en']).trim());
    const called = (JSON.parse(folder.view('en')) as { called: boolean }).called;
    if (called) {
      const here = uncosted(folder.plan(JSON.stringify({ ...options, policy: 'waves' }), 'en'));
      expect(here).toBe(uncosted(shouhu(['plan', at, ...common])));
    }
    const events = join(place, 'events.jsonl');
    const there = shouhu(['rehearse', at, ...common, ...(called ? ['--compare', 'waves'] : []), '--events', events]);
    if (name === 'polling-place') expect(JSON.parse(there)).toMatchObject({ engine: 'event' });
    expect(uncosted(folder.rehearse(JSON.stringify(called ? { ...options, compare: 'waves' } : options), 'en'))).toBe(uncosted(there));
    expect(Buffer.from(folder.events(JSON.stringify(options), 'en')).equals(readFileSync(events)), 'events').toBe(true);
    rmSync(place, { recursive: true });
  });
}

for (const [name, slow] of [['sunshine-garden', 'registration'], ['polling-place', 'check-in']] as const) {
  test(`a day that was slow is reviewed to the same bytes: ${name}`, async () => {
    const { place, at, folder } = await both(name);
    const { called } = JSON.parse(folder.view('en')) as { called: boolean };
    const plan = called ? ['--plan', 'plan.json'] : [];
    if (called) shouhu(['plan', at, '--set', 'waves.load=0.85', '--reps', '2', '-o', 'plan.json'], { cwd: place });
    const set = `site.station.${slow}.service={ law = "lognormal", mean_s = 90, cv = 0.6 }`;
    shouhu(['rehearse', at, ...plan, '--set', set, '--seed', '3', '--reps', '1', '--events', 'day.jsonl'], { cwd: place });
    const module = await hindsight();
    for (const path of folder.paths()) module.put(path, folder.get(path) ?? new Uint8Array());
    module.take('day.jsonl', readFileSync(join(place, 'day.jsonl')));
    const options = { reps: REPS, curves: 0, ...(called ? { plan: JSON.parse(readFileSync(join(place, 'plan.json'), 'utf8')) } : {}) };
    for (const language of LANGUAGES) {
      const asked = ['review', 'day.jsonl', '--scenario', at, ...plan, '--reps', String(REPS), '--lang', language, '--json'];
      const there = shouhu(asked, { cwd: place });
      expect(uncosted(module.review(JSON.stringify(options), language))).toBe(uncosted(there));
      const learned = (JSON.parse(there) as { lessons: { key: string }[] }).lessons.map(({ key }) => key);
      expect(learned).toContain(`site.station.${slow}.service`);
    }
    rmSync(place, { recursive: true });
  });
}

test('the sheets of a plan are the same bytes, each of them', async () => {
  const { place, at, folder } = await both('sunshine-garden');
  // As many replications as stand behind the figures on a page's sheets.
  const plan = shouhu(['plan', at, '--set', 'waves.load=0.85', '--reps', '50', '--seed', '1', '--sheets', 'sheets', '--json', '--lang', 'en'], { cwd: place });
  const sheets = JSON.parse((await tonight(folder)).sheets(plan, 'en')) as Sheet[];
  expect(sheets.map(([name]) => name).toSorted()).toEqual(readdirSync(join(place, 'sheets')).toSorted());
  expect(sheets.length).toBeGreaterThan(1);
  for (const [name, content] of sheets) expect(content, name).toBe(readFileSync(join(place, 'sheets', name), 'utf8'));
  rmSync(place, { recursive: true });
});
