import { t, words } from '../words/words.svelte.ts';
import { Kept, keepLink, type Act, type Done, type Refused, type Schemas, type Seen } from './kept.ts';

/** As often as something waits to be told, and as nothing does: somebody may have sent something. */
const TELL_MS = 15_000;
const LOOK_MS = 60_000;
/** A network that says nothing for so long is none. */
const WITHIN_MS = 20_000;
/** What is told at once, so that it surely fits into what the server takes of a stranger. */
const ACTS = 50;
const BYTES = 8_000;
/** The server takes none of a question, whatever is in it: each act is told by itself, and one that is not taken so is shown. */
const NOT_TAKEN = [400, 413, 422];

/** A gate on a phone: what comes there, and what was done and is not told yet. What is done is kept first, and told when there is a network. */
export class Gate {
  seen = $state.raw<Seen | null>(null);
  waiting = $state.raw<Done[]>([]);
  refused = $state.raw<Refused[]>([]);
  /** Whether the last question was answered. */
  reached = $state(true);
  /** Why this link opens nothing any more. */
  ended = $state.raw<Schemas['Problem'] | null>(null);
  #kept: Kept;
  #asking: Promise<void> | null = null;
  #most = ACTS;
  #asked = 0;

  constructor(readonly party: string, readonly token: string) {
    this.#kept = new Kept(party);
    this.#read();
  }

  /** Keeps what was done now; told at once where there is a network. */
  do(act: Act, what: string, made = Math.floor(Date.now() / 1000)): void {
    this.#read();
    this.#kept.done = [...this.waiting, { id: drawn(), made, act, what }];
    this.#read();
    void this.tell();
  }

  /** Somebody has read it. */
  forget(id: string): void {
    this.#kept.refused = this.#kept.refused.filter((one) => one.id !== id);
    this.#read();
  }

  /** Tells what waits, and asks what comes. One question at a time; what was done meanwhile is told with the next. */
  async tell(): Promise<void> {
    if (this.#asking) {
      await this.#asking;
      if (this.waiting.length === 0) return;
    }
    this.#asking ??= this.#tell().finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** Tells and asks again and again; what ends that. */
  open(): () => void {
    const now = (): void => {
      this.#read();
      void this.tell();
    };
    const again = setInterval(() => {
      const visible = document.visibilityState === 'visible';
      if (this.waiting.length > 0 || (visible && Date.now() - this.#asked >= LOOK_MS)) now();
    }, TELL_MS);
    addEventListener('online', now);
    addEventListener('focus', now);
    now();
    return () => {
      clearInterval(again);
      removeEventListener('online', now);
      removeEventListener('focus', now);
    };
  }

  async #tell(): Promise<void> {
    do {
      const acts = this.#some();
      const answer = await this.#ask(acts);
      if (answer === 'nothing') return;
      if (answer === 'again') continue;
      this.#done(acts, answer.told.map(({ problem }) => problem));
      this.#kept.seen = { page: answer, at: Date.now() };
      this.#read();
    } while (this.waiting.length > 0);
  }

  /** The first of what waits, as much as one question takes. */
  #some(): Done[] {
    const acts: Done[] = [];
    let bytes = 0;
    for (const one of this.#kept.done.slice(0, this.#most)) {
      bytes += new TextEncoder().encode(JSON.stringify(one.act)).length;
      if (acts.length > 0 && bytes > BYTES) break;
      acts.push(one);
    }
    return acts;
  }

  /** They were done, or refused. */
  #done(acts: Done[], problems: (Schemas['Problem'] | null)[]): void {
    const refused = acts.flatMap((one, place) => (problems[place] ? [{ ...one, problem: problems[place] }] : []));
    if (refused.length) this.#kept.refused = [...this.#kept.refused, ...refused];
    const told = acts.map(({ id }) => id);
    this.#kept.done = this.#kept.done.filter(({ id }) => !told.includes(id));
    this.#most = ACTS;
  }

  /** What comes; or that nothing is to be had now, or that it should be asked anew. */
  async #ask(acts: Done[]): Promise<Schemas['GatePage'] | 'nothing' | 'again'> {
    this.#asked = Date.now();
    let answer: Response;
    let said: unknown;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), WITHIN_MS);
    try {
      // What proves whose gate it is goes in the body: nothing of it reaches a log.
      answer = await fetch(`api/v1/gates/${encodeURIComponent(this.party)}?lang=${words.language}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: this.token, acts: acts.map(({ id, made, act }) => ({ id, made, act })) }),
        signal: stop.signal,
      });
      said = await answer.json().catch(() => null);
    } catch {
      this.reached = false;
      return 'nothing';
    } finally {
      clearTimeout(timer);
    }
    if (answer.ok && said) {
      this.reached = true;
      this.ended = null;
      keepLink(this.party, this.token);
      return said as Schemas['GatePage'];
    }
    const problem: Schemas['Problem'] = { code: '', message: t('page.gate.not_taken', { status: answer.status }), mend: '', ...(said as object | null) };
    if (answer.status === 404) {
      this.ended = problem;
      this.reached = true;
      // Who is at the gate no more sees no more what comes there.
      this.#kept.seen = null;
      this.#read();
    } else if (NOT_TAKEN.includes(answer.status) && acts.length > 0) {
      if (acts.length > 1) this.#most = 1;
      else this.#done(acts, [problem]);
      this.#read();
      return 'again';
    } else this.reached = false;
    return 'nothing';
  }

  #read(): void {
    this.seen = this.#kept.seen;
    this.waiting = this.#kept.done;
    this.refused = this.#kept.refused;
  }
}

/** A page that came without a certificate has no randomUUID. */
function drawn(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
