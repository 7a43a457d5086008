/** Sends what was written down, and hears of what others wrote. It never holds anybody up: all it can do is try again. */

export type Line = 'unknown' | 'fine' | 'offline' | 'busy' | 'removed';

/** What the server put aside for a person to look at. */
export interface Aside {
  number: number | null;
  why: string;
}

/** What it sends for. */
export interface Sender {
  place(): { community: string; round: string; device: string };
  position(): number;
  slice(): Uint8Array<ArrayBuffer> | undefined;
  /** False if that is no head of this phone's log. */
  stored(seq: number, hash: string): Promise<boolean>;
  /** The server holds another part than was believed. */
  gap(seq: number, hash: string): Promise<boolean>;
  heard(lines: string, position: number): Promise<void>;
  line(line: Line): void;
  aside(aside: Aside | null): void;
  sent(): Promise<void>;
}

type Answered =
  | { kind: 'stored'; seq: number; hash: string; position: number }
  | { kind: 'gap'; seq: number; hash: string }
  | { kind: 'quarantined'; number: number; why: string }
  | { kind: 'refused'; why: string };

/** A question for news waits so long at the server; what is urgent is answered at once. */
const NEWS_S = 25;
/** Between two questions, so that phones that were told together do not ask together. */
const PAUSE_MS = 500;
/** Where the server does not wait, it is asked this often. */
const HEAR_MS = 8_000;
/** What is not sent by then is tried again. */
const RUN_MS = 30_000;
const WAIT_MS: [least: number, most: number] = [1_000, 60_000];
/** What the server put aside is offered again now and then: somebody may have settled it. */
const ASIDE_MS = 120_000;
const PATIENCE_MS = 20_000;
/** Slices and answers of one turn: more wait for the next. */
const TURNS = 50;

/** The server was reached and would not; absent `wait`: as long as ever. */
class Later extends Error {
  constructor(readonly line: Line, readonly wait?: number) {
    super(line);
  }
}

export class Sync {
  #sender: Sender;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #again = false;
  /** The network has come back since this run began. */
  #back = false;
  #failures = 0;
  #asideUntil = 0;
  /** The question for news that is open. */
  #waiting: AbortController | null = null;
  #stopped = new AbortController();

  constructor(sender: Sender) {
    this.#sender = sender;
    const { signal } = this.#stopped;
    // A question that was open when the network went, or the page, may never be answered.
    addEventListener('online', () => this.#online(), { signal });
    addEventListener('offline', () => sender.line('offline'), { signal });
    document.addEventListener('visibilitychange', () => (this.#quit(), document.visibilityState === 'visible' && this.now()), { signal });
  }

  #online(): void {
    this.#quit();
    this.#back = true;
    this.#failures = 0;
    this.now();
  }

  /** Tries at once. */
  now(): void {
    clearTimeout(this.#timer);
    if (this.#stopped.signal.aborted) return;
    if (this.#running) this.#again = true;
    else void this.#run();
  }

  stop(): void {
    this.#stopped.abort();
    this.#quit();
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#running = true;
    this.#back = false;
    let wait = RUN_MS;
    try {
      do {
        this.#again = false;
        await this.#send();
        // A shift whose time is over hears nothing any more; what it had to send is sent.
        await this.#sender.sent();
        // The shift that has ended here hears nothing: nothing is kept of it.
        if (this.#stopped.signal.aborted) return;
        if (!this.#waiting) await this.#hear();
      } while (this.#again);
      this.#failures = 0;
      this.#sender.line('fine');
      void this.#listen();
    } catch (error) {
      const usual = this.#failed(error);
      // What failed without a network is no sign that it fails now; a server that was reached says itself how long.
      wait = this.#back && !(error instanceof Later) ? 0 : usual;
    }
    this.#running = false;
    if (this.#stopped.signal.aborted) return;
    // A hidden page does not ask by itself, but still sends what it has.
    const idle = document.visibilityState === 'hidden' && this.#sender.slice() === undefined;
    if (!idle) this.#timer = setTimeout(() => this.now(), wait);
  }

  /** Says so; after how long it is tried again. */
  #failed(error: unknown): number {
    const later = error instanceof Later ? error : new Later('offline');
    this.#sender.line(later.line);
    this.#failures += 1;
    // Phones of one site that lost the network together do not come back together.
    const usual = Math.min(WAIT_MS[1], WAIT_MS[0] * 2 ** this.#failures) * (0.5 + Math.random());
    return later.wait ?? usual;
  }

  /** Waits for news, with one question open at a time. Steps are sent beside it. */
  async #listen(): Promise<void> {
    if (this.#waiting || this.#stopped.signal.aborted || document.visibilityState === 'hidden') return;
    const waiting = (this.#waiting = new AbortController());
    try {
      while (!waiting.signal.aborted) {
        const began = Date.now();
        const { news } = await this.#news(`&wait=${NEWS_S}`, waiting);
        const pause = news || Date.now() - began > PAUSE_MS ? PAUSE_MS : HEAR_MS;
        await new Promise((go) => setTimeout(go, pause * (0.5 + Math.random() / 2)));
      }
    } catch (error) {
      if (this.#waiting !== waiting) return;
      this.#waiting = null;
      const wait = this.#failed(error);
      clearTimeout(this.#timer);
      if (!this.#running) this.#timer = setTimeout(() => this.now(), wait);
    }
  }

  #quit(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.abort();
  }

  async #send(): Promise<void> {
    if (Date.now() < this.#asideUntil) return;
    const { community, device } = this.#sender.place();
    for (let turn = 0; turn < TURNS; turn += 1) {
      const body = this.#sender.slice();
      if (!body) return;
      const answer = await this.#ask(`communities/${community}/logs/${device}`, {
        method: 'POST', body, headers: { 'content-type': 'application/octet-stream' },
      });
      const said = (await answer.json()) as Answered;
      if (said.kind === 'stored' || said.kind === 'gap') {
        const { seq, hash } = said;
        const ours = said.kind === 'gap' ? await this.#sender.gap(seq, hash) : await this.#sender.stored(seq, hash);
        if (ours) this.#sender.aside(null);
        else return this.#putAside({ number: null, why: 'other_log' });
      } else {
        return this.#putAside({ number: said.kind === 'quarantined' ? said.number : null, why: said.why });
      }
    }
  }

  #putAside(aside: Aside): void {
    this.#asideUntil = Date.now() + ASIDE_MS;
    this.#sender.aside(aside);
  }

  async #hear(): Promise<void> {
    if (document.visibilityState === 'hidden') return;
    for (let turn = 0; turn < TURNS; turn += 1) {
      const { news, lines } = await this.#news();
      if (!news || lines === 0) return;
    }
  }

  /** Whether there was anything, and how much of it. */
  async #news(wait = '', waiting?: AbortController): Promise<{ news: boolean; lines: number }> {
    const { community, round } = this.#sender.place();
    const after = this.#sender.position();
    // An answer that was asked to wait is late by that.
    const late = waiting && setTimeout(() => waiting.abort(), PATIENCE_MS + NEWS_S * 1000);
    try {
      const signal = waiting?.signal;
      const answer = await this.#ask(`communities/${community}/rounds/${round}/told?after=${after}${wait}`, signal && { signal });
      const { position, lines } = (await answer.json()) as { position: number; lines: unknown[] };
      const news = position !== after;
      // Two questions may have been open for a moment: what came first holds.
      const first = this.#sender.position() === after;
      if (news && first) await this.#sender.heard(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), position);
      return { news, lines: lines.length };
    } finally {
      clearTimeout(late);
    }
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { 'accept-language': document.documentElement.lang, ...init.headers };
    const answer = await fetch(`/api/v1/${path}`, { signal: AbortSignal.timeout(PATIENCE_MS), ...init, headers });
    if (answer.ok) return answer;
    if (answer.status === 401 || answer.status === 403) throw new Later('removed', WAIT_MS[1]);
    const after = Number(answer.headers.get('retry-after'));
    throw new Later('busy', after > 0 ? after * 1000 * (1 + Math.random() / 2) : undefined);
  }
}
