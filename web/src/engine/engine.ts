import type {
  Answers, Files, Language, Note, Plan, PlanOptions, Rehearsed, RehearseOptions, Service, Setting, Sheet, View,
} from './contract.ts';
import { Seat, type Question } from './seat.ts';

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
    const answer = await this.#desk.ask({ method: 'check', args: [language], files });
    return (JSON.parse(answer.value as string) as { notes: Note[] }).notes;
  }

  view(files: Files, language: Language): Promise<View> {
    return this.#told(this.#desk, { method: 'view', args: [language], files });
  }

  edit(files: Files, sets: Setting[], language: Language): Promise<{ notes: Note[]; files: Files }> {
    return this.#written({ method: 'edit', args: [JSON.stringify(sets), language], files });
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

  sheets(files: Files, plan: Plan, language: Language): Promise<Sheet[]> {
    return this.#told(this.#desk, { method: 'sheets', args: [JSON.stringify(plan), language], files, topic: 'sheets' });
  }

  async #told<T>(seat: Seat, question: Question): Promise<T> {
    const answer = await seat.ask(question);
    const told = JSON.parse(answer.value as string) as T & { notes?: Note[] };
    const refused = told.notes?.some((note) => note.severity === 'error') && Object.keys(told).length === 1;
    if (refused) throw new Refused(told.notes ?? []);
    return told;
  }

  async #written(question: Question): Promise<{ notes: Note[]; files: Files }> {
    const answer = await this.#desk.ask({ ...question, writes: true });
    const { notes } = JSON.parse(answer.value as string) as { notes: Note[] };
    return { notes, files: answer.files ?? {} };
  }
}

export const engine = new Engine();
