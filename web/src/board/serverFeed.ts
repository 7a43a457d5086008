import type { Policy } from '../engine/contract.ts';
import type { Feed, Listener } from './feed.ts';
import type { Site } from './now.ts';

export interface Asked {
  policy?: Policy;
  plan?: string;
  seed?: number;
  lang: string;
  /** Whether it happens now: then nobody says from where, and how fast. */
  real?: boolean;
}

/** Behind the server by this much, in seconds: what happened just now is on its way. */
const BEHIND_S = 0.25;
/** Without a message for so long the server is taken to be silent; it tells the time every second. */
const SILENT_S = 2.5;

/** Events from a server, as they happen (server-sent events). */
export class ServerFeed implements Feed {
  #source: EventSource | null = null;
  #seen = 0;
  #speed = 1;
  /** The minute that the server last told, and when. */
  #told = { min: -Infinity, at: 0 };
  #ended = false;
  #sited = false;

  constructor(private readonly path: string, private readonly asked: Asked) {}

  /** The events of a rehearsal of a scenario. */
  static ofScenario(id: string, asked: Asked): ServerFeed {
    return new ServerFeed(`api/v1/scenarios/${encodeURIComponent(id)}/events`, asked);
  }

  /** A real round. It has one pace, which is that of the world. */
  static ofRound(community: string, round: string, lang: string): ServerFeed {
    return new ServerFeed(`api/v1/communities/${encodeURIComponent(community)}/rounds/${encodeURIComponent(round)}/live`, { lang, real: true });
  }

  open(from_min: number, speed: number, listener: Listener): void {
    this.close();
    if (this.#ended) return;
    this.#speed = speed;
    const { policy, plan, seed, lang, real } = this.asked;
    const query = new URLSearchParams({ lang });
    if (!real) query.set('speed', String(speed));
    if (!real && Number.isFinite(from_min)) query.set('from_min', String(from_min));
    if (policy) query.set('policy', policy);
    if (plan) query.set('plan', plan);
    if (seed !== undefined) query.set('seed', String(seed));
    const source = new EventSource(`${this.path}?${query}`);
    this.#source = source;
    const on = (kind: string, take: (message: MessageEvent<string>) => void) =>
      source.addEventListener(kind, (message) => take(message as MessageEvent<string>));
    on('site', ({ data }) => {
      const site = JSON.parse(data) as Site;
      if (!this.#sited) listener.site(site, data);
      this.#sited = true;
    });
    on('events', (message) => this.#events(message, listener));
    on('clock', ({ data }) => this.#tell((JSON.parse(data) as { now_min: number }).now_min));
    on('end', () => {
      this.#ended = true;
      this.#tell(Infinity);
      this.close();
      listener.end();
    });
    source.onopen = () => listener.back();
    source.onerror = () => {
      if (this.#source !== source) return;
      listener.failed('');
      // The browser asks again by itself, unless the server refused: then it says why.
      if (source.readyState === EventSource.CLOSED) void refusal(source.url).then((why) => listener.failed(why));
    };
  }

  /** A message's id is the number of events so far: those that came before are left out. */
  #events({ data, lastEventId }: MessageEvent<string>, listener: Listener): void {
    const lines = data.split('\n');
    const last = Number(lastEventId) || this.#seen + lines.length;
    const known = Math.max(0, this.#seen - (last - lines.length));
    if (known >= lines.length) return;
    this.#seen = last;
    listener.events(new TextEncoder().encode(`${lines.slice(known).join('\n')}\n`));
  }

  #tell(min: number): void {
    this.#told = { min: Math.max(min, this.#told.min), at: performance.now() };
  }

  close(): void {
    this.#source?.close();
    this.#source = null;
  }

  horizon(): number {
    if (this.#ended) return Infinity;
    const since = Math.min(SILENT_S, (performance.now() - this.#told.at) / 1000);
    return this.#told.min + ((since - BEHIND_S) * this.#speed) / 60;
  }
}

/** Why a server refuses, in its own words. */
async function refusal(url: string): Promise<string> {
  try {
    const answer = await fetch(url);
    if (answer.ok) {
      await answer.body?.cancel();
      return '';
    }
    const said = (await answer.json()) as { message?: string; mend?: string; notes?: { message: string }[] };
    return [said.message, said.mend, ...(said.notes ?? []).map((note) => note.message)].filter(Boolean).join(' ');
  } catch {
    return '';
  }
}
