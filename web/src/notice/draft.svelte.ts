import { untrack } from 'svelte';
import { Refused, type Schemas } from '../access/access.ts';
import type { Note } from '../engine/contract.ts';
import { bare } from '../scenario/forecast.svelte.ts';
import type { Scenario } from '../scenario/scenario.svelte.ts';
import { words } from '../words/words.svelte.ts';

/** What a notice is for, as the server calls it. */
export const KINDS = ['round', 'change', 'all-clear', 'call-back', 'questions'] as const;
export type Kind = (typeof KINDS)[number];

/** A notice that was kept in the folder. */
const KEPT = /^notice-(\d+)\.json$/;
/** Typing is answered after a pause this long, in milliseconds. */
const PAUSE = 500;

/** A notice while it is written: what is asked for, and what the server says to it. */
export class Draft {
  #kind = $state<Kind>('round');
  /** Of news that replaces nothing, after all that was kept; null: as the server counts. */
  number = $state<number | null>(null);
  /** A building, an entrance or a household; empty: everybody. */
  whom = $state('');
  language = $state(untrack(() => words.language));
  /** The file of the notice that it replaces; empty: the newest that was kept. */
  replaces = $state('');
  /** What is different, a line each. */
  changed = $state('');
  from = $state('');
  until = $state('');

  written = $state.raw<Schemas['NoticeWritten'] | null>(null);
  clauses = $state.raw<Schemas['NoticeClause'][]>([]);
  questions = $state.raw<Schemas['NoticeQuestions'] | null>(null);
  notes = $state.raw<Note[]>([]);
  /** The picture's address in this browser. */
  picture = $state('');
  wrong = $state('');
  busy = $state(false);
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly scenario: Scenario) {}

  get kind(): Kind {
    return this.#kind;
  }

  set kind(kind: Kind) {
    this.#kind = kind;
    this.number = kind === 'round' || kind === 'change' ? null : (this.kept[0]?.number ?? 0) + 1;
  }

  /** Notices that were kept, the newest first. */
  get kept(): { file: string; number: number }[] {
    const found = Object.keys(this.scenario.files).flatMap((file) => {
      const number = Number(KEPT.exec(file)?.[1] ?? 0);
      return number > 0 ? [{ file, number }] : [];
    });
    return found.sort((one, other) => other.number - one.number);
  }

  /** What is asked of the server, as text: it says, too, whether anything is different. */
  get asked(): string {
    const { kind, number, whom, language, from, until, scenario } = this;
    const lines = this.changed.split('\n').filter((line) => line.trim() !== '');
    const file = kind === 'change' ? this.replaces || this.kept[0]?.file : undefined;
    const replaces = file === undefined ? undefined : read(scenario.files[file]);
    const plan = scenario.forecast.plan && bare(scenario.forecast.plan);
    const timed = kind === 'all-clear' || kind === 'call-back';
    return JSON.stringify({
      kind, language, changed: kind === 'change' ? lines : [],
      ...(number !== null && { number }), ...(whom.trim() && { for: whom.trim() }), ...(plan && { plan }), ...(replaces !== undefined && { replaces }),
      ...(timed && from && { from }), ...(timed && until && { until }),
    });
  }

  /** Its times come from the plan: without it, too early an answer would say none. */
  get ready(): boolean {
    const { forecast, view } = this.scenario;
    return view?.called === false || forecast.plan !== null || forecast.failed !== null || this.scenario.notes.some((note) => note.severity === 'error');
  }

  soon(): void {
    clearTimeout(this.#timer);
    this.busy = true;
    this.#timer = setTimeout(() => void this.look(), this.written === null && this.notes.length === 0 ? 0 : PAUSE);
  }

  /** Asks the server what comes of it. The server reads the folder as it is kept there. */
  async look(): Promise<void> {
    const turn = ++this.#turn;
    const { asked } = this;
    try {
      await this.scenario.leave();
      const answer = await this.#post('', asked);
      if (turn !== this.#turn) return;
      const said = (await answer.json()) as Schemas['NoticeWritten'] & Partial<Schemas['Problem']>;
      if (said.clauses === undefined) throw new Refused(`${said.message ?? answer.status} ${said.mend ?? ''}`, answer.status);
      this.written = answer.ok ? said : null;
      [this.clauses, this.questions, this.notes] = [said.clauses, said.questions, said.notes];
      this.wrong = '';
      await this.#draw(turn, asked);
    } catch (error) {
      if (turn === this.#turn) this.wrong = error instanceof Error ? error.message : String(error);
    }
    if (turn === this.#turn) this.busy = false;
  }

  async #draw(turn: number, asked: string): Promise<void> {
    if (!this.written) {
      this.#show('');
      return;
    }
    const answer = await this.#post('/file?form=svg', asked);
    if (!answer.ok) {
      this.#show('');
      const said = (await answer.json()) as Partial<Schemas['Problem']>;
      throw new Refused(`${said.message ?? answer.status} ${said.mend ?? ''}`, answer.status);
    }
    const drawn = await answer.blob();
    if (turn === this.#turn) this.#show(URL.createObjectURL(drawn));
  }

  #show(picture: string): void {
    if (this.picture) URL.revokeObjectURL(this.picture);
    this.picture = picture;
  }

  /** Keeps it in the folder, so that a correction can say what it replaces. */
  async keep(): Promise<void> {
    if (!this.written) return;
    const { notice } = this.written;
    const file = `notice-${Number(notice['number'])}.json`;
    await this.scenario.exchange({ [file]: new TextEncoder().encode(`${JSON.stringify(notice, null, 2)}\n`) });
  }

  /** Whether it is kept as it is, but for the time at which it was written; or another of its number is. */
  get isKept(): 'yes' | 'other' | 'no' {
    const notice = this.written?.notice;
    const kept = notice && (read(this.scenario.files[`notice-${Number(notice['number'])}.json`]) as object | undefined);
    if (kept === undefined) return 'no';
    return JSON.stringify({ ...kept, at: '' }) === JSON.stringify({ ...notice, at: '' }) ? 'yes' : 'other';
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#show('');
  }

  /** Where a file of it is asked for. */
  path(form: string): string {
    return `scenarios/${encodeURIComponent(this.scenario.id)}/notice/file?form=${form}&lang=${words.language}`;
  }

  #post(rest: string, body: string): Promise<Response> {
    const path = `/api/v1/scenarios/${encodeURIComponent(this.scenario.id)}/notice${rest}`;
    const at = `${path}${rest.includes('?') ? '&' : '?'}lang=${words.language}`;
    return fetch(at, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  }
}

/** A file of JSON; nothing, if it is none: then the server says so. */
function read(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
