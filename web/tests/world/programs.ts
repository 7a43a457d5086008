import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const DIST = join(ROOT, 'web/dist');

/** The browser that the system has; none is fetched. */
export function chromium(): string {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      if (isProgram(path)) return path;
    }
  }
  throw new Error('no chromium, chromium-browser or google-chrome is on the PATH; scripts/setup.sh test installs it');
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What cargo says of something that it has built. */
interface Built {
  target?: { name: string; kind: string[] };
  profile?: { test: boolean };
  executable?: string | null;
}

/** The binary under test: SHOUHU_BIN, or the one that `cargo test` has built. Cargo knows where that is. */
export function binary(): string {
  const given = process.env.SHOUHU_BIN;
  if (given) return given;
  // The same words as `make test` says: asked for otherwise, cargo would build most of it once more with other features.
  const said = execFileSync('cargo', ['test', '--quiet', '--locked', '--workspace', '--no-run', '--message-format', 'json'], {
    cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'],
  });
  const built = said.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Built)
    // Its unit tests are a program of the same name.
    .find(({ target, profile, executable }) => executable && target?.name === 'shouhu' && target.kind.includes('bin') && !profile?.test)?.executable;
  if (!built) throw new Error('cargo built no binary');
  return built;
}

/** What the terminal says on stdout. */
export function shouhu(args: string[], options: ExecFileSyncOptions = {}): string {
  return execFileSync(binary(), args, {
    encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C.UTF-8' }, ...options,
  }) as string;
}
