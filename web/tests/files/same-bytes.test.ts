import { expect, test } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Folder, FolderClass } from '../../src/engine/contract.ts';
import { offsetMin } from '../../src/engine/zones.ts';
import { ROOT, shouhu } from '../world/programs.ts';

const MODULE = join(ROOT, 'web/src/engine/module');
/** Few enough for a debug build, enough for each station to have had its queue. */
const REPS = 12;

/** The page's module, as a page loads it. */
async function folderClass(): Promise<FolderClass> {
  const module = (await import(join(MODULE, 'browser.js'))) as { default(from: object): Promise<unknown>; Folder: FolderClass };
  await module.default({ module_or_path: readFileSync(join(MODULE, 'browser_bg.wasm')) });
  return module.Folder;
}

/** What a run cost is not the same twice. */
function uncosted(json: string): string {
  return json.trim().replace(/"(cpu_s|wall_s|people_per_second)":(null|[-+.\deE]+)/g, '"$1":0');
}

for (const name of ['sunshine-garden', 'flu-clinic']) {
  test(`the page and the terminal give the same bytes: ${name}`, async () => {
    const place = mkdtempSync(join(tmpdir(), 'shouhu-bytes-'));
    const at = join(place, name);
    shouhu(['init', at, '--example', name]);
    const kind = await folderClass();
    const folder: Folder = new kind(offsetMin);
    expect(folder.fromExample(name)).toBe(true);
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
    expect(uncosted(folder.rehearse(JSON.stringify(called ? { ...options, compare: 'waves' } : options), 'en'))).toBe(uncosted(there));
    expect(Buffer.from(folder.events(JSON.stringify(options), 'en')).equals(readFileSync(events)), 'events').toBe(true);
    rmSync(place, { recursive: true });
  });
}
