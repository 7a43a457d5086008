import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../world/programs.ts';

/** The number that this constant has in a source. */
function constant(file: string, name: string): number {
  const found = readFileSync(join(ROOT, file), 'utf8').match(new RegExp(`const ${name}(?:: usize)? = (\\d+);`));
  expect(found, `${name} in ${file}`).not.toBeNull();
  return Number(found?.[1]);
}

test('a page looks for the headings of a roll in as many rows as the engine does', () => {
  expect(constant('web/src/roll/mending.svelte.ts', 'HEAD_ROWS')).toBe(constant('crates/scenario/src/sheet.rs', 'HEADING_ROWS'));
});
