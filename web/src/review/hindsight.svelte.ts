import { bytes, said } from '../access/access.ts';
import type { Files, Note, Setting } from '../engine/contract.ts';
import { engine } from '../engine/engine.ts';
import { isText } from '../roll/rolls.ts';
import { bare } from '../scenario/forecast.svelte.ts';
import type { Scenario } from '../scenario/scenario.svelte.ts';
import { words } from '../words/words.svelte.ts';
import type { Lesson, Reviewed } from './contract.ts';
import type { Answered, Asked } from './wire.ts';

/** Files larger than this, in megabytes, are no day's records of one site. */
export const LARGEST_MB = 256;
/** The plan is under way while somebody waits: looked at again after so many milliseconds. */
const SOON = 100;

/** What a round's phones wrote down, as a file. */
const EVENTS = 'events.jsonl';

/** Stopwatch cards in an old encoding become text before a review reads them; what cannot, it says so itself. */
async function readable(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  if (!name.toLowerCase().endsWith('.csv') || isText(bytes)) return bytes;
  return (await engine.convert(name, bytes, words.language)).csv ?? bytes;
}

/** Rounds looked back on: files in, what they say out. */
export class Hindsight {
  events = $state.raw<Files>({});
  reviewed = $state.raw<Reviewed | null>(null);
  /** What refuses a review, or the writing of lessons. */
  refused = $state.raw<Note[]>([]);
  failed = $state<string | null>(null);
  /** Names of files that were too large to be read. */
  too_large = $state.raw<string[]>([]);
  /** Keys of the lessons that are to be used. */
  chosen = $state.raw<string[]>([]);
  used = $state(false);
  /** So many things are under way. */
  #working = $state(0);
  #turn = 0;
  #worker: Worker | null = null;
  #line: Promise<unknown> = Promise.resolve();

  constructor(private readonly scenario: Scenario) {}

  get busy(): boolean {
    return this.#working > 0;
  }

  get names(): string[] {
    return Object.keys(this.events);
  }

  /** Adds what a person dropped or chose, and reviews all. */
  async take(files: Iterable<File>): Promise<void> {
    // The list of a file field is emptied behind whoever reads it slowly.
    const dropped = [...files];
    const large = dropped.filter(({ size }) => size > LARGEST_MB * 1024 * 1024);
    this.too_large = large.map(({ name }) => name);
    const read = await this.#guard(async () => {
      const fit = dropped.filter((file) => !large.includes(file));
      return Promise.all(fit.map(async (file) => [file.name, await readable(file.name, new Uint8Array(await file.arrayBuffer()))] as const));
    });
    if (read) await this.#add(Object.fromEntries(read));
  }

  /** Takes what the phones of a real round wrote down. */
  async takeRound(community: string, round: string): Promise<void> {
    const read = await this.#guard(() => bytes(`communities/${community}/rounds/${round}/${EVENTS}`));
    if (read) await this.#add({ [EVENTS]: read });
  }

  /** Beside what came meanwhile. */
  async #add(read: Files): Promise<void> {
    this.events = { ...this.events, ...read };
    await this.look();
  }

  forget(): void {
    this.#begin();
    this.events = {};
    this.reviewed = null;
    this.refused = [];
    this.failed = null;
    this.too_large = [];
  }

  /** A rehearsed day on which this station is slow; how slow is said by the module. */
  async rehearseSlow(name: string, station: string): Promise<void> {
    const set = await this.#guard(async () => {
      const files = await engine.readable(this.scenario.files);
      const answer = await this.#ask({ method: 'slowDay', files, station, language: words.language });
      return JSON.parse(answer.text ?? '[]') as Setting[];
    });
    if (set && set.length > 0) await this.rehearse(name, set);
  }

  /** A day of this scenario, rehearsed, on luck that no forecast is drawn from. */
  async rehearse(name: string, set: Setting[]): Promise<void> {
    const newest = this.#begin();
    const made = await this.#guard(async () => {
      const seed = 1 + Math.floor(Math.random() * 1e6);
      const plan = await this.#plan(newest);
      // Somebody's own files came meanwhile: a rehearsed day is no part of them.
      return newest() ? engine.events(this.scenario.files, { ...(plan ? { plan } : {}), set, seed }, words.language) : undefined;
    }, newest);
    if (!made || !newest()) return;
    this.events = { [name]: made };
    await this.look();
  }

  async look(): Promise<void> {
    if (this.names.length === 0) return;
    const newest = this.#begin();
    await this.#guard(async () => {
      const plan = await this.#plan(newest);
      const files = await engine.readable(this.scenario.files);
      if (!newest()) return;
      const options = JSON.stringify(plan ? { plan } : {});
      const answer = await this.#ask({ method: 'review', files, events: this.events, options, language: words.language });
      if (!newest()) return;
      const told = JSON.parse(answer.text ?? '{}') as Reviewed;
      const only = Object.keys(told).length === 1;
      this.refused = only ? told.notes : [];
      this.reviewed = only ? null : told;
      this.chosen = only ? [] : told.lessons.map((lesson) => lesson.key);
      this.used = false;
    }, newest);
  }

  /** Writes the chosen lessons into the scenario: one step, which can be undone. */
  async use(): Promise<void> {
    const lessons: Lesson[] = (this.reviewed?.lessons ?? []).filter((lesson) => this.chosen.includes(lesson.key));
    await this.#guard(async () => {
      const { notes, changed } = await engine.learn(this.scenario.files, JSON.stringify(lessons), words.language);
      this.refused = notes.filter((note) => note.severity === 'error');
      if (this.refused.length > 0) return;
      await this.scenario.exchange(changed);
      this.used = true;
    });
  }

  /** A file of what was reviewed last; nothing, where it could not be made. */
  give(method: 'docx' | 'missed'): Promise<Uint8Array | undefined> {
    return this.#guard(async () => (await this.#ask({ method, language: words.language })).bytes);
  }

  close(): void {
    this.#begin();
    this.#worker?.terminate();
  }

  /** What was begun before this says nothing any more. Whether this is still what was begun last. */
  #begin(): () => boolean {
    const turn = ++this.#turn;
    return () => turn === this.#turn;
  }

  /** The plan that was followed, once it is there; null where nobody is called. */
  async #plan(newest: () => boolean) {
    const { view, forecast } = this.scenario;
    if (!view?.called) return null;
    while (newest() && (forecast.busy || (forecast.plan === null && forecast.failed === null))) await new Promise((go) => setTimeout(go, SOON));
    return forecast.plan && bare(forecast.plan);
  }

  /** What the work came to; undefined where it failed, and `failed` says why while it matters to anybody. */
  async #guard<T>(work: () => Promise<T>, matters = () => true): Promise<T | undefined> {
    this.#working += 1;
    this.failed = null;
    try {
      return await work();
    } catch (error) {
      if (matters()) this.failed = said(error);
      return undefined;
    } finally {
      this.#working -= 1;
    }
  }

  /** One question at a time. */
  #ask(asked: Asked): Promise<Answered> {
    const answered = this.#line.then(() => this.#send(asked));
    this.#line = answered.catch(() => undefined);
    return answered;
  }

  #send(asked: Asked): Promise<Answered> {
    this.#worker ??= new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answered>) =>
        data.failed === undefined ? resolve(data) : reject(new Error(data.failed));
      worker.onerror = (event) => {
        this.#worker = null;
        reject(new Error(event.message));
      };
      worker.postMessage(asked);
    });
  }
}
