import type {
  Answers, Files, Language, Note, Plan, PlanOptions, Rehearsed, RehearseOptions, Service, Setting, Sheet, View,
} from './contract.ts';
import type { Dealt, Played } from '../board/dealt.ts';
import { isText, ROLLS } from '../roll/rolls.ts';
import { Seat, type Question } from './seat.ts';
import type { Converted } from './wire.ts';

const SCENARIO = 'scenario.toml';

/** Which of two side by side: each has a worker of its own. */
export type Side = 'before' | 'now';

/** The folder, or what was asked of it, has errors. */
export class Refused extends Error {
  constructor(readonly notes: Note[]) {
    super(notes.map((note) => note.message).join(' '));
  }
}

/**
 * The engine as pages see it: questions about a folder of files. It keeps nothing; the page holds the files, and the
 * workers hold copies.
 */
export class Engine {
  #desk = new Seat();
  #converted = new WeakMap<Files, Files>();
  #sides: Record<Side, Seat> = { before: new Seat(), now: new Seat() };

  services(language: Language): Promise<Service[]> {
    return this.#told(this.#desk, { method: 'services', args: [language] });
  }

  async examples(): Promise<string[]> {
    return (await this.#desk.ask({ method: 'examples' })).value as string[];
  }

  async example(name: string): Promise<Files> {
    const answer = await this.#desk.ask({ method: null, example: name, writes: true });
    return answer.files ?? {};
  }

  ask(answers: Answers, language: Language): Promise<{ notes: Note[]; files: Files }> {
    return this.#written({ method: 'ask', args: [JSON.stringify(answers), language], files: {} });
  }

  async check(files: Files, language: Language): Promise<Note[]> {
    const answer = await this.#desk.ask(await this.#with({ method: 'check', args: [language], files }));
    return (JSON.parse(answer.value as string) as { notes: Note[] }).notes;
  }

  view(files: Files, language: Language): Promise<View> {
    return this.#told(this.#desk, { method: 'view', args: [language], files });
  }

  /** Only `scenario.toml` is written; all other files stay the very same. */
  async edit(files: Files, sets: Setting[], language: Language): Promise<{ notes: Note[]; files: Files }> {
    const edited = await this.#written({ method: 'edit', args: [JSON.stringify(sets), language], files });
    const scenario = edited.files[SCENARIO];
    return { notes: edited.notes, files: scenario ? { ...files, [SCENARIO]: scenario } : files };
  }

  /** `idle` questions give way to those that somebody waits for. */
  plan(files: Files, options: PlanOptions, language: Language, idle = false): Promise<Plan> {
    const args = [JSON.stringify(options), language];
    return this.#told(this.#sides.now, { method: 'plan', args, files, idle, topic: 'figures' });
  }

  rehearse(side: Side, files: Files, options: RehearseOptions, language: Language, idle = false): Promise<Rehearsed> {
    const args = [JSON.stringify(options), language];
    return this.#told(this.#sides[side], { method: 'rehearse', args, files, idle, topic: idle ? 'idle' : 'figures' });
  }

  /** A plan's text for the group chat. */
  chat(files: Files, plan: Plan, language: Language): Promise<string> {
    return this.#told(this.#desk, { method: 'chat', args: [JSON.stringify(plan), language], files, topic: 'chat' });
  }

  /** Papers to hand out; without a plan those of a round in which nobody is called. */
  sheets(files: Files, plan: Plan | null, language: Language): Promise<Sheet[]> {
    return this.#told(this.#desk, { method: 'sheets', args: [JSON.stringify(plan), language], files, topic: 'sheets' });
  }

  /** All fault cards in words. */
  deal(files: Files, options: RehearseOptions, language: Language): Promise<Dealt> {
    return this.#told(this.#desk, { method: 'deal', args: [JSON.stringify(options), language], files, topic: 'deal' });
  }

  /** A day with faults beside the same day without. */
  play(files: Files, options: RehearseOptions, faults: string[], language: Language): Promise<Played> {
    const args = [JSON.stringify(options), JSON.stringify(faults), language];
    return this.#told(this.#desk, { method: 'play', args, files, topic: 'play' });
  }

  /** Lessons of a review, written into the folder: the files that changed. */
  async learn(files: Files, lessons: string, language: Language): Promise<{ notes: Note[]; changed: Files }> {
    const before = await this.readable(files);
    const { notes, files: after } = await this.#written({ method: 'learn', args: [lessons, language], files });
    const changed = Object.entries(after).filter(([path, bytes]) => !same(bytes, before[path]));
    return { notes, changed: Object.fromEntries(changed) };
  }

  /** The events of one rehearsed day, one JSON object a line. */
  async events(files: Files, options: RehearseOptions, language: Language): Promise<Uint8Array> {
    const args = [JSON.stringify(options), language];
    return (await this.#desk.ask(await this.#with({ method: 'events', args, files }))).value as Uint8Array;
  }

  async #told<T>(seat: Seat, question: Question): Promise<T> {
    const answer = await seat.ask(await this.#with(question));
    const told = JSON.parse(answer.value as string) as T & { notes?: Note[] };
    const refused = told.notes?.some((note) => note.severity === 'error') && Object.keys(told).length === 1;
    if (refused) throw new Refused(told.notes ?? []);
    return told;
  }

  async #with(question: Question): Promise<Question> {
    return question.files ? { ...question, files: await this.readable(question.files) } : question;
  }

  async #written(question: Question): Promise<{ notes: Note[]; files: Files }> {
    const answer = await this.#desk.ask({ ...(await this.#with(question)), writes: true });
    const { notes } = JSON.parse(answer.value as string) as { notes: Note[] };
    return { notes, files: answer.files ?? {} };
  }

  /** Files as the engine reads them: a workbook's roll is text, whatever it is in the folder. */
  async readable(files: Files): Promise<Files> {
    const path = ROLLS.find((roll) => files[roll] && !isText(files[roll]));
    if (path === undefined) return files;
    const known = this.#converted.get(files);
    if (known) return known;
    const { csv } = await this.convert(path, files[path] as Uint8Array, 'en');
    const { [path]: _, ...others } = files;
    const readable = csv ? { ...others, 'roll.csv': csv } : files;
    this.#converted.set(files, readable);
    return readable;
  }

  /** A roll as people keep it, made into CSV; or the notes that say why it cannot be read. */
  async convert(name: string, bytes: Uint8Array, language: Language): Promise<{ csv: Uint8Array | undefined; notes: Note[] }> {
    const answer = await this.#desk.ask({ method: 'convert', args: [name, bytes, language] });
    const { csv, notes } = answer.value as Converted;
    return { csv, notes: (JSON.parse(notes) as { notes: Note[] }).notes };
  }
}

function same(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((byte, at) => byte === b[at]);
}

export const engine = new Engine();
