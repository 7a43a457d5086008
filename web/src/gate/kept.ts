import type { components } from '../api/schema.ts';

export type Schemas = components['schemas'];
export type Act = Schemas['GateAct'];
export type Line = Schemas['LineAsked'];

/** Something that was done at the gate, and when; the server does it once, by its id. */
export interface Done {
  id: string;
  /** Seconds since 1970. */
  made: number;
  act: Act;
  /** Whose it is, in words, for whoever reads it before it is told. */
  what: string;
}

/** What the server would not do, with its reason, until somebody has read it. */
export interface Refused extends Done {
  problem: Schemas['Problem'];
}

/** What the server said last, and when. */
export interface Seen {
  page: Schemas['GatePage'];
  at: number;
}

/** The link that was opened on this phone last. */
const LINK = 'shouhu.gate';

/** Whose gate it is and what proves it: behind `#`, or as this phone was told before. */
export function opened(hash: string): [party: string, token: string] {
  const [party = '', token = ''] = (hash.slice(1) || (localStorage.getItem(LINK) ?? '')).split('/');
  return [party, token];
}

export function keepLink(party: string, token: string): void {
  localStorage.setItem(LINK, `${party}/${token}`);
}

/** What this phone keeps of one gate: it belongs to the party, not to its code, and a new code finds it. */
export class Kept {
  constructor(readonly party: string) {}

  get seen(): Seen | null {
    return this.#read<Seen>('seen');
  }

  set seen(seen: Seen | null) {
    this.#write('seen', seen);
  }

  get done(): Done[] {
    return this.#read<Done[]>('done') ?? [];
  }

  set done(done: Done[]) {
    this.#write('done', done);
  }

  get refused(): Refused[] {
    return this.#read<Refused[]>('refused') ?? [];
  }

  set refused(refused: Refused[]) {
    this.#write('refused', refused);
  }

  #read<T>(what: string): T | null {
    return JSON.parse(localStorage.getItem(`${LINK}.${this.party}.${what}`) ?? 'null') as T | null;
  }

  #write(what: string, value: unknown): void {
    const key = `${LINK}.${this.party}.${what}`;
    if (value === null || (Array.isArray(value) && value.length === 0)) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  }
}
