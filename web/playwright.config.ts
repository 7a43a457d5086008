import { defineConfig } from '@playwright/test';
import type { Hosting } from './tests/world/hosts.ts';
import { chromium } from './tests/world/programs.ts';

/** As in `tests/world/test.ts`: how the pages under test reach the browser. */
interface Options {
  hosting: Hosting;
}

/** What needs no server of ours, and must hold on any host of static files, too. */
const ANYWHERE = /@anywhere/;

export default defineConfig<object, Options>({
  testDir: 'tests',
  globalSetup: './tests/world/build.ts',
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  // Nothing is measured by these: a busy machine takes ten times as long.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    locale: 'en-GB',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    trace: 'off',
    launchOptions: {
      executablePath: chromium(),
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'files', testMatch: /files\/.*\.test\.ts/ },
    { name: 'station', testMatch: /tests\/station\/.*\.test\.ts/ },
    { name: 'served', testMatch: /pages\/.*\.test\.ts/, use: { hosting: 'served' } },
    { name: 'static', testMatch: /pages\/.*\.test\.ts/, grep: ANYWHERE, use: { hosting: 'static' } },
  ],
});
