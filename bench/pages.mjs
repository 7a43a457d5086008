// How fast a page computes, beside the binary on one thread: the same scenario, the same replications, in one run.
// After `make web` and `cargo build --release -p shouhu`: node bench/pages.mjs [EXAMPLE…]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binary = process.env.SHOUHU ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'release/shouhu');
const modules = join(root, 'web/src/engine/module');
const REPS = 500;
const FEW = 10;
const ROUNDS = 5;

const module = await import(join(modules, 'browser.js'));
await module.default({ module_or_path: readFileSync(join(modules, 'browser_bg.wasm')) });
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

console.log('| example | engine | page, people/s | binary, people/s | page / binary |');
console.log('| --- | --- | ---: | ---: | ---: |');
// Both are lived by the event engine, which is the same code here and there.
for (const name of process.argv.length > 2 ? process.argv.slice(2) : ['sunshine-garden', 'polling-place']) {
  const place = mkdtempSync(join(tmpdir(), 'shouhu-pages-'));
  const at = join(place, name);
  execFileSync(binary, ['init', at, '--example', name], { stdio: 'ignore' });
  const folder = new module.Folder(() => 0);
  folder.fromExample(name);
  const [here, there] = [[], []];
  let engine = '';
  // With one message to all nothing is searched: what is measured is the rehearsal alone.
  const policy = JSON.parse(folder.view('en')).called ? { policy: 'broadcast' } : {};
  for (let round = 0; round < ROUNDS; round += 1) {
    // What a rehearsal takes beside its replications, reading and planning, is in both of these: it is no part of the engine.
    const [few, all] = [FEW, FEW + REPS].map((reps) => {
      const begun = performance.now();
      const told = JSON.parse(folder.rehearse(JSON.stringify({ seed: 1, reps, ...policy }), 'en'));
      return { people: told.people * reps, seconds: (performance.now() - begun) / 1000 };
    });
    here.push((all.people - few.people) / (all.seconds - few.seconds));
    const told = JSON.parse(execFileSync(binary, ['rehearse', at, '--reps', String(REPS), ...(policy.policy ? ['--policy', policy.policy] : []), '--threads', '1', '--json', '--lang', 'en']));
    there.push(told.people_per_second);
    engine = told.engine;
  }
  rmSync(place, { recursive: true });
  const [page, native] = [median(here), median(there)];
  console.log(`| ${name} | ${engine} | ${Math.round(page).toLocaleString('en')} | ${Math.round(native).toLocaleString('en')} | ${(page / native).toFixed(2)} |`);
}
