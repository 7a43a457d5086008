import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { DIST } from './programs.ts';

const KINDS: Record<string, string> = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm', '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};
/** The headers of `crates/server/src/guard.rs`. */
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
    "worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
};

export interface RootHost {
  address: string;
  close(): Promise<void>;
}

/** The built pages as the server sends them: an address without an ending is a place in the pages. */
export async function rootHost(): Promise<RootHost> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '', 'http://host').pathname).slice(1);
    const name = normalize(path.split('/').at(-1)?.includes('.') ? path : 'index.html');
    const content = name.startsWith('..') ? null : read(name);
    response.writeHead(content ? 200 : 404, { 'content-type': KINDS[extname(name)] ?? 'application/octet-stream', ...HEADERS });
    response.end(content ?? 'not here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { address: `http://127.0.0.1:${port}/`, close };
}

function read(name: string): Buffer | null {
  try {
    return readFileSync(join(DIST, name));
  } catch {
    return null;
  }
}
