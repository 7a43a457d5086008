import type { BrowserContext, Route } from '@playwright/test';
import { readFileSync } from 'node:fs';

/** What the server says of a round and its logs, until the real one stands here: three calls, and what they hold. */
export class RoundServer {
  /** Heads by device. */
  #heads = new Map<string, { seq: number; hash: string }>();
  #lines: object[] = [];
  #position = 0;
  joins = 0;
  /** Instead of an answer to uploads: a status, or another answer. */
  instead: { status: number; headers?: Record<string, string>; json?: unknown } | null = null;
  /** No network reaches it. What stands in for a server is asked without one, so it has to be told. */
  #cut = false;
  bundle: Record<string, unknown>;

  /** A round that opened an hour ago. */
  constructor(change: (bundle: Bundle) => void = () => undefined) {
    const bundle = JSON.parse(readFileSync(new URL('./bundle.json', import.meta.url), 'utf8')) as Bundle;
    const opens = Math.floor(Date.now() / 60_000) * 600_000 - 36_000_000;
    bundle.forget_at += opens - bundle.rules.opens;
    bundle.rules.opens = opens;
    change(bundle);
    this.bundle = bundle as unknown as Record<string, unknown>;
  }

  /** With a code for this role: a secretary's may do every task. */
  as(role: string): this {
    this.bundle.task = { ...(this.bundle.task as object), role };
    return this;
  }

  async stand(context: BrowserContext): Promise<void> {
    await context.route('**/api/v1/join', (route) => {
      this.joins += 1;
      const { token, public_key } = route.request().postDataJSON() as Record<string, string>;
      if (token !== 'TOKEN' || !/^[0-9a-f]{64}$/.test(public_key ?? '')) return refuse(route, 403);
      return route.fulfill({ status: 201, json: { bundle: this.bundle } });
    });
    await context.route('**/api/v1/communities/*/logs/*', (route) => this.#upload(route));
    await context.route('**/api/v1/communities/*/rounds/*/told?after=*', (route) => {
      if (this.#cut) return route.abort('internetdisconnected');
      if (this.instead?.status === 403) return refuse(route, 403);
      const asked = new URL(route.request().url()).searchParams;
      return this.#told(route, Number(asked.get('after')), asked.has('wait'));
    });
  }

  /** Whoever waits is told at once, or after a second that there is nothing. */
  async #told(route: Route, after: number, waits: boolean): Promise<void> {
    const until = Date.now() + 1000;
    while (waits && after >= this.#position && Date.now() < until) await new Promise((go) => setTimeout(go, 20));
    const answer = { position: Math.max(after, this.#position), lines: this.#lines.slice(after) };
    // The page may have gone meanwhile, or asked anew.
    await (this.#cut ? route.abort('internetdisconnected') : route.fulfill({ json: answer })).catch(() => undefined);
  }

  async cut(context: BrowserContext, cut: boolean): Promise<void> {
    this.#cut = cut;
    await context.setOffline(cut);
  }

  /** Frames that the server has of the phone. */
  get has(): number {
    return [...this.#heads.values()].reduce((sum, head) => sum + head.seq, 0);
  }

  /** What another phone recorded. */
  tell(...lines: object[]): void {
    this.#lines.push(...lines);
    this.#position = this.#lines.length;
  }

  /** The server lost everything: a backup of yesterday was put back. */
  lose(): void {
    for (const head of this.#heads.values()) Object.assign(head, { seq: 0, hash: '' });
  }

  /** A slice as `journal` writes it: version, community, device, what it follows, hash, signature, count, frames. */
  #upload(route: Route): Promise<void> {
    if (this.#cut) return route.abort('internetdisconnected');
    if (this.instead) return route.fulfill(this.instead);
    const bytes = route.request().postDataBuffer() ?? Buffer.alloc(0);
    const device = bytes.subarray(17, 33).toString('hex');
    const after = Number(bytes.readBigUInt64LE(33));
    const head = { seq: after + bytes.readUInt32LE(137), hash: bytes.subarray(41, 73).toString('hex') };
    const held = this.#heads.get(device) ?? { seq: 0, hash: '' };
    if (after > held.seq) return route.fulfill({ json: { kind: 'gap', ...held } });
    this.#heads.set(device, head);
    return route.fulfill({ json: { kind: 'stored', ...head, position: this.#position } });
  }
}

interface Bundle {
  task: { role: string; table: object | null };
  rules: { opens: number; gives: [string, number[]]; stations: object[]; lots?: object[] } & Record<string, unknown>;
  forget_at: number;
}

function refuse(route: Route, status: number): Promise<void> {
  return route.fulfill({ status, json: { message: 'no', mend: 'ask' } });
}
