import { existsSync } from 'node:fs';
import { binary, DIST } from './programs.ts';

/** The binary is looked for once, before the first test; all workers are told. */
export default function build(): void {
  if (!existsSync(`${DIST}/index.html`)) throw new Error('the pages are not built: scripts/web.sh');
  process.env.SHOUHU_BIN = binary();
}
