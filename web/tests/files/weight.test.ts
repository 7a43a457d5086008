import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { TAGS } from '../../build/words.ts';
import { DIST } from '../world/programs.ts';

/** The pages on a slow telephone, with the words of one language: nobody loads another before choosing it. Each module is loaded when first
 *  needed, and with the first the engine's words of that language. Four kilobytes of it are the desk of parties that work together, six
 *  their stock and shipments, five goods to households, ten a phone at their gate with a worker that opens it without a network, nine their requests and teams, three orders of a plan, and twenty-four a city's page with the projection of its map: whoever opens
 *  these loads them. */
const PAGES_MAX = 348_000;
/** What a volunteer waits for at seven in the morning, its module aside. A kilobyte of it is what somebody who is called back is told: it
 *  is needed where there is no network. Refusals are said from here, too, and no longer from the module, which is lighter by 36 kB; and so is what a caller says of a door. */
const STATION_MAX = 54_300;
/** What directives and sheets of volunteers must be is checked on the page, too: a tenth of it. It carries no language. */
const MODULE_MAX = 563_000;
/** Of one language: what the engine says, a quarter of a kilobyte of it of a city's documents. */
const ENGINE_WORDS_MAX = 26_500;

/** Bytes as they are sent: what the build has packed, or what it would pack to. */
function sent(path: string): number {
  try {
    return readFileSync(`${path}.br`).length;
  } catch {
    return brotliCompressSync(readFileSync(path)).length;
  }
}

const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).map((name) => join(DIST, name));
const of = (...endings: string[]) => files.filter((path) => endings.includes(extname(path))).map((path) => ({ path, bytes: sent(path) }));

/** The files of a language's words, by who says them. */
const spoken = files.flatMap((path) => {
  const named = /words\.(\w+)\.([\w-]+)\.[\w-]+\.js$/.exec(path);
  return named ? [{ path, who: named[1] ?? '', language: named[2] ?? '' }] : [];
});
const sum = (paths: string[]): number => paths.reduce((bytes, path) => bytes + sent(path), 0);

for (const language of TAGS) {
  test(`all pages together stay within their weight, with their words in ${language}`, () => {
    const silent = of('.js', '.css', '.html').filter(({ path }) => !spoken.some((of) => of.path === path)).map(({ path }) => path);
    const own = spoken.filter((of) => of.language === language);
    expect(own.map(({ who }) => who).sort()).toEqual(['engine', 'gate', 'mine', 'planner', 'station', 'volunteer']);
    const bytes = sum(silent) + sum(own.filter(({ who }) => who !== 'engine').map(({ path }) => path));
    const engine = sum(own.filter(({ who }) => who === 'engine').map(({ path }) => path));
    console.log(`scripts, styles and pages in ${language}: ${bytes} bytes of ${PAGES_MAX}; the engine's words ${engine} of ${ENGINE_WORDS_MAX}`);
    expect(bytes).toBeLessThanOrEqual(PAGES_MAX);
    expect(engine).toBeLessThanOrEqual(ENGINE_WORDS_MAX);
  });
}

test('the station alone stays within its weight', () => {
  const list = /FILES = (\[.*?\])/.exec(readFileSync(join(DIST, 'sw.js'), 'utf8'))?.[1] ?? '[]';
  const needed = (JSON.parse(list) as string[]).filter((name) => ['.js', '.css', '.html'].includes(extname(name)));
  // All languages are kept for a day without a network; who stands at a table waits for one of them.
  const said = spoken.filter(({ who }) => who === 'station');
  const silent = needed.map((name) => join(DIST, name)).filter((path) => !spoken.some((of) => of.path === path));
  expect(silent.length + said.length).toBe(needed.length);
  for (const { path, language } of said) {
    const bytes = sum(silent) + sent(path);
    console.log(`the station in ${language}: ${bytes} bytes of ${STATION_MAX}`);
    expect.soft(bytes).toBeLessThanOrEqual(STATION_MAX);
  }
});

test('each module stays within its weight', () => {
  const modules = of('.wasm');
  expect(modules.length).toBeGreaterThanOrEqual(2);
  for (const { path, bytes } of modules) {
    console.log(`${path.slice(DIST.length + 1)}: ${bytes} bytes of ${MODULE_MAX}`);
    expect.soft(bytes, path).toBeLessThanOrEqual(MODULE_MAX);
  }
});

test('no page names another host', () => {
  for (const path of files.filter((file) => ['.js', '.css', '.html'].includes(extname(file)))) {
    const hosts = [...readFileSync(path, 'utf8').matchAll(/(?:https?:)?\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)+)/g)].map((found) => found[1]);
    // Names of languages of XML, of a page of explanations for developers, and of an address as an example, none of which is ever fetched.
    expect(hosts.filter((host) => !['www.w3.org', 'svelte.dev', 'example.org'].includes(host ?? '')), path).toEqual([]);
  }
});
