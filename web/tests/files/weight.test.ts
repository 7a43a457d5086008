import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { DIST } from '../world/programs.ts';

/** The pages on a slow telephone. Each module is loaded when first needed; the search for waves is three kilobytes of them. */
const PAGES_MAX = 282_000;
/** What a volunteer waits for at seven in the morning, its module aside. A kilobyte of it is what somebody who is called back is told: it
 *  is needed where there is no network. */
const STATION_MAX = 52_000;
/** What directives and sheets of volunteers must be is checked on the page, too: a tenth of it. */
const MODULE_MAX = 560_000;

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

test('all pages together stay within their weight', () => {
  const bytes = of('.js', '.css', '.html').reduce((sum, file) => sum + file.bytes, 0);
  console.log(`scripts, styles and pages: ${bytes} bytes of ${PAGES_MAX}`);
  expect(bytes).toBeLessThanOrEqual(PAGES_MAX);
});

test('the station alone stays within its weight', () => {
  const list = /FILES = (\[.*?\])/.exec(readFileSync(join(DIST, 'sw.js'), 'utf8'))?.[1] ?? '[]';
  const needed = (JSON.parse(list) as string[]).filter((name) => ['.js', '.css', '.html'].includes(extname(name)));
  const bytes = needed.reduce((sum, name) => sum + sent(join(DIST, name)), 0);
  console.log(`the station: ${bytes} bytes of ${STATION_MAX}`);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(STATION_MAX);
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
    // Names of languages of XML and of a page of explanations for developers, none of which is ever fetched.
    expect(hosts.filter((host) => !['www.w3.org', 'svelte.dev'].includes(host ?? '')), path).toEqual([]);
  }
});
