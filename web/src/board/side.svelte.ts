import type { Language } from '../engine/contract.ts';
import { Crowd } from './crowd.ts';
import { boardClass, type BoardEngine } from './engine.ts';
import type { Feed, Listener } from './feed.ts';
import type { Now, Site } from './now.ts';

/** Lists change no more often than this, in milliseconds: nobody reads faster. */
const SLOW_MS = 2000;
/** A leap of so many minutes is not walked. */
const LEAP_MIN = 6;

/** One board: a feed, its engine, and what is drawn of it. */
export class Side {
  site = $state.raw<Site | null>(null);
  now = $state.raw<Now | null>(null);
  /** The same, at most every two seconds. */
  slow = $state.raw<Now | null>(null);
  /** What went wrong; empty text: the server is silent. */
  failed = $state<string | null>(null);
  /** The figures are not yet those of the moment that is asked for. */
  late = $state(true);
  /** No more events will come. */
  complete = $state(false);
  crowd: Crowd | null = null;
  /** Draws the people; set by the picture that shows them. */
  paint: (() => void) | null = null;
  #engine: BoardEngine | null = null;
  /** Events that came before the engine was there. */
  #early: Uint8Array[] = [];
  /** Events have come that are not shown yet, or the engine has. */
  #fresh = false;
  #people = new Float32Array(4096);
  #at = NaN;
  #slow_at = 0;
  #speed = 0;
  /** From where on the stream was asked for last: it may not have told anything yet. */
  #from = -Infinity;

  constructor(readonly id: string, readonly word: () => string, private readonly feed: Feed) {}

  /** Opens the stream, or opens it again at another pace. */
  open(from_min: number, speed: number): void {
    this.#speed = speed;
    this.#from = from_min;
    this.feed.open(from_min, speed, this.#listener);
  }

  /** The stream has to be at least as fast as the clock. */
  keepUp(speed: number): void {
    if (speed !== this.#speed && !this.complete) this.open(Math.max(this.feed.horizon(), this.first, this.#from), speed);
  }

  /** Asks for what lies ahead of the stream. */
  leap(to_min: number, speed: number): void {
    this.late = true;
    if (!this.complete && to_min > this.feed.horizon()) this.open(to_min, speed);
  }

  #listener: Listener = {
    site: (site, json) => {
      this.site = site;
      this.crowd = new Crowd(site.view.layout.entrance_m, site.view.layout.exit_m);
      void boardClass().then((kind) => {
        this.#engine = new kind(json);
        for (const lines of this.#early.splice(0)) this.#engine.push(lines);
        this.#fresh = true;
      });
    },
    events: (lines) => {
      if (this.#engine) this.#engine.push(lines);
      else this.#early.push(lines);
      this.#fresh = true;
    },
    end: () => (this.complete = true),
    back: () => (this.failed = null),
    failed: (message) => (this.failed = message),
  };

  get ready(): boolean {
    return this.#engine !== null;
  }

  get first(): number {
    return this.site?.first_min ?? finite(this.#engine?.firstMin()) ?? 0;
  }

  /** The minute of the last event, as far as that is known. */
  get last(): number {
    return this.site?.last_min ?? finite(this.#engine?.lastMin()) ?? 0;
  }

  /** Whether nobody knows yet when it ends. */
  get live(): boolean {
    return this.site?.last_min === null && !this.complete;
  }

  horizon(): number {
    return this.feed.horizon();
  }

  /** Shows a moment: everybody gets a place, and walks there. True where there is something new to read: also while the clock stands, for events may come late. */
  show(at_min: number, seconds: number, speed: number, still: boolean): boolean {
    const engine = this.#engine;
    if (!engine || !this.crowd) return false;
    const leap = !(Math.abs(at_min - this.#at) < LEAP_MIN);
    const news = at_min !== this.#at || this.#fresh;
    if (news && engine.advance(at_min)) {
      let numbers = engine.people(this.#people);
      if (numbers > this.#people.length) {
        this.#people = new Float32Array(numbers * 2);
        numbers = engine.people(this.#people);
      }
      this.crowd.place(this.#people, numbers, leap || still);
      this.crowd.walk(seconds, speed);
      this.paint?.();
    } else if (this.crowd.walk(seconds, speed)) {
      this.paint?.();
    }
    this.#at = at_min;
    this.#fresh = false;
    return news;
  }

  /** Reads the figures anew. */
  look(language: Language, at: number): void {
    if (!this.#engine || Number.isNaN(this.#at)) return;
    this.now = JSON.parse(this.#engine.now(language)) as Now;
    if (this.complete || this.#at <= this.feed.horizon()) this.late = false;
    if (at - this.#slow_at < SLOW_MS && this.slow) return;
    this.slow = this.now;
    this.#slow_at = at;
  }

  close(): void {
    this.feed.close();
    this.#engine?.free();
    this.#engine = null;
  }
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
