import { expect, test } from '@playwright/test';
import openapiTS, { astToString } from 'openapi-typescript';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../world/programs.ts';

test('the types of the API are those of its description: npm --prefix web run api', async () => {
  const description = new URL(`file://${join(ROOT, 'crates/server/openapi.json')}`);
  const made = astToString(await openapiTS(description));
  expect(readFileSync(join(ROOT, 'web/src/api/schema.ts'), 'utf8')).toContain(made);
});
