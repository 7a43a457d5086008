import { said } from '../access/access.ts';
import type { Note } from '../engine/contract.ts';
import { engine } from '../engine/engine.ts';
import { PLAN, type Scenario } from '../scenario/scenario.svelte.ts';
import { changed } from '../store/merge.ts';
import type { Changes } from '../store/store.ts';
import { words } from '../words/words.svelte.ts';
import { fitted } from './pins.ts';
import { readSeparated, writeSeparated, type Rows } from './separated.ts';
import { isText, ROLLS } from './rolls.ts';

/** A mended cell is checked after a pause this long, in milliseconds. */
const PAUSE = 900;
/** Headings stand in the first rows, under a title perhaps: `HEADING_ROWS` in crates/scenario/src/sheet.rs. */
const HEAD_ROWS = 30;

/** The roll's rows while a person mends them. */
export class Mending {
  rows = $state.raw<Rows>([]);
  /** So many checks are under way. */
  #checks = $state(0);
  /** What went wrong on the way to a check. */
  failed = $state('');
  /** Why a dropped file cannot be read at all. */
  refused = $state.raw<Note[]>([]);
  /** Rows once noted stay in sight when they are mended. */
  seen = $state.raw<ReadonlySet<number>>(new Set());
  /** Pinned waves that went with the roll before, and the plan's file as it is without them. */
  #gone = $state.raw<{ waves: number; plan: Uint8Array | undefined } | null>(null);
  /** The roll's bytes that `rows` were read from, or written to. */
  #read: Uint8Array | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly scenario: Scenario) {}

  get checking(): boolean {
    return this.#checks > 0;
  }

  get path(): string | null {
    return ROLLS.find((path) => path in this.scenario.files) ?? null;
  }

  get notes(): Note[] {
    return this.scenario.notes.filter((note) => ROLLS.includes(note.file ?? ''));
  }

  /** How many pinned waves were let go; 0 once they are back. */
  get gone(): number {
    return this.#gone && this.#gone.plan === this.scenario.files[PLAN] ? this.#gone.waves : 0;
  }

  async read(): Promise<void> {
    const { path } = this;
    const bytes = path ? (this.scenario.files[path] ?? null) : null;
    if (bytes === this.#read || !bytes) return;
    this.#read = bytes;
    this.seen = new Set();
    try {
      const text = isText(bytes) ? bytes : (await engine.convert(path ?? '', bytes, words.language)).csv;
      // Another roll was put in its place meanwhile.
      if (bytes === this.#read) this.rows = text ? readSeparated(text) : [];
    } catch (error) {
      this.failed = said(error);
    }
  }

  look(): void {
    const rows = this.notes.flatMap((note) => (note.row === null ? [] : [note.row]));
    if (rows.some((row) => !this.seen.has(row))) this.seen = new Set([...this.seen, ...rows]);
  }

  /** The row of headings: the first that holds a noted column, or else the first with several cells. */
  get head(): number {
    const columns = new Set(this.notes.map((note) => note.column));
    const first = this.rows.slice(0, HEAD_ROWS);
    const named = first.findIndex((row) => row.some((cell) => columns.has(cell.trim())));
    return named >= 0 ? named : Math.max(0, first.findIndex((row) => row.filter((cell) => cell.trim() !== '').length > 1));
  }

  mend(row: number, column: number, value: string): void {
    this.rows = this.rows.map((cells, at) => {
      if (at !== row) return cells;
      const wide = cells.length > column ? cells : [...cells, ...Array<string>(column + 1 - cells.length).fill('')];
      return wide.map((cell, place) => (place === column ? value : cell));
    });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.check(), PAUSE);
  }

  /** A row that is no resident's: it is emptied, so that the other rows keep their numbers. */
  empty(row: number): void {
    this.rows = this.rows.map((cells, at) => (at === row ? cells.map(() => '') : cells));
    void this.check();
  }

  /** Writes the roll and has it checked. A mended workbook becomes a CSV file. */
  async check(): Promise<void> {
    clearTimeout(this.#timer);
    const bytes = writeSeparated(this.rows);
    this.#read = bytes;
    await this.#guard(() => this.#exchange({ 'roll.csv': bytes, 'roll.xlsx': null }));
  }

  /** Puts a dropped file in the place of the roll, as text: so its rows can be mended here. */
  async take(file: File): Promise<void> {
    await this.#guard(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const { csv, notes } = isText(bytes) ? { csv: bytes, notes: [] } : await engine.convert(file.name, bytes, words.language);
      this.refused = csv ? [] : notes;
      if (csv) await this.#exchange({ 'roll.csv': csv, 'roll.xlsx': null });
    });
  }

  async remove(): Promise<void> {
    await this.#guard(() => this.#exchange({ 'roll.csv': null, 'roll.xlsx': null }));
    this.rows = [];
    this.#read = null;
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    this.#checks += 1;
    this.failed = '';
    try {
      await work();
    } catch (error) {
      this.failed = said(error);
    } finally {
      this.#checks -= 1;
    }
  }

  /** Writes another roll in one step. Pinned waves name doors: those that the new roll lacks go with the old one. */
  async #exchange(roll: Changes): Promise<void> {
    const { files, pinned } = this.scenario;
    const before = this.gone;
    const fit = pinned && (await fitted(changed(files, roll), pinned));
    if (!fit) {
      await this.scenario.exchange(roll);
      return;
    }
    const plan = fit.plan ? new TextEncoder().encode(JSON.stringify(fit.plan, null, 1)) : undefined;
    await this.scenario.exchange({ ...roll, [PLAN]: plan ?? null });
    this.#gone = { waves: before + fit.gone, plan };
  }
}
