import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { createInterface } from 'node:readline';
import { binary, DIST } from './programs.ts';

/** By `shouhu serve`, or as files on any web host. */
export type Hosting = 'served' | 'static';

export interface Host {
  /** Where the pages begin, with a slash at the end. */
  address: string;
  /** The server's data folder; null where there is none. */
  data: string | null;
  close(): Promise<void>;
}

export function open(hosting: Hosting): Promise<Host> {
  return hosting === 'served' ? served() : hosted();
}

/** A server that others reach: everybody needs an account. */
export interface OpenHost extends Host {
  /** Makes the first account. */
  first: string;
}

/** A server that sends notices to this port of the machine. */
export function withChannel(name: string, port: number): Promise<Host> {
  return served((data) => {
    const [file, secret] = [join(data, 'channels.toml'), join(data, 'secret')];
    writeFileSync(secret, 'a secret of more than thirty-two letters');
    const channel = { name, kind: 'webhook', address: `http://127.0.0.1:${port}/`, language: 'en', secret_file: secret };
    writeFileSync(file, ['format = 1', '[[channel]]', ...Object.entries(channel).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)].join('\n'));
    return ['--channels', file];
  });
}

/** The real binary with a data folder of its own. */
async function served(more: (data: string) => string[] = () => []): Promise<Host> {
  const data = mkdtempSync(join(tmpdir(), 'shouhu-pages-'));
  const child = spawn(binary(), ['serve', '--listen', '127.0.0.1:0', '--data', data, ...more(data)], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const [first] = await Promise.race([
    createInterface(child.stdout)[Symbol.asyncIterator]().next().then(({ value }) => [value as string | undefined]),
    ended.then(() => [undefined]),
  ]);
  const origin = /http:\/\/\S+/.exec(first ?? '')?.[0];
  if (!origin) throw new Error(`shouhu serve printed no address: ${first}`);
  const close = async (): Promise<void> => {
    child.kill('SIGINT');
    await ended;
    rmSync(data, { recursive: true });
  };
  return { address: `${origin.replace(/\/$/, '')}/`, data, close };
}

/** Only 127.0.0.1 is this machine to it: under another address of the same machine it is open to others. */
export async function openToOthers(): Promise<OpenHost> {
  const data = mkdtempSync(join(tmpdir(), 'shouhu-open-'));
  const child = spawn(binary(), ['serve', '--listen', '127.0.0.2:0', '--plain-http', '--data', data], {
    stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async (): Promise<void> => {
    child.kill('SIGINT');
    await ended;
    rmSync(data, { recursive: true });
  };
  for await (const line of createInterface(child.stderr)) {
    const link = /(http:\S+\/)welcome#\w+/.exec(line);
    if (link?.[1]) return { address: link[1], data, first: link[0], close };
  }
  throw new Error('shouhu serve printed no link for the first account');
}

/** Below the root of its host, as where many share one. */
const PLACE = '/neighbours/planner/';
const KINDS: Record<string, string> = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm',
};
/** Stricter than any host will be. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; " +
  "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The pages as `make demo` writes them, on a host that knows nothing. */
async function hosted(): Promise<Host> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '', 'http://host').pathname);
    const name = path.startsWith(PLACE) ? normalize(path.slice(PLACE.length) || 'index.html') : '';
    const content = name && !name.startsWith('..') ? read(name) : null;
    response.writeHead(content ? 200 : 404, {
      'content-type': KINDS[extname(name)] ?? 'application/octet-stream', 'content-security-policy': POLICY, 'cache-control': 'no-cache',
    });
    response.end(content ?? 'not here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { address: `http://127.0.0.1:${port}${PLACE}`, data: null, close };
}

function read(name: string): Buffer | null {
  try {
    const content = readFileSync(join(DIST, name));
    return name === 'index.html' ? Buffer.from(inBrowser(content.toString())) : content;
  } catch {
    return null;
  }
}

/** As `make demo` does it. */
function inBrowser(page: string): string {
  return page.replace('name="shouhu-store" content="server"', 'name="shouhu-store" content="browser"');
}
