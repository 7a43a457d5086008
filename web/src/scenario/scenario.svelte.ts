import type { Files, Note, Plan, Setting, View } from '../engine/contract.ts';
import { engine } from '../engine/engine.ts';
import { kept } from '../store/kept.ts';
import { inLine } from '../store/line.ts';
import { changed, changes, merge } from '../store/merge.ts';
import type { Changes, Kept } from '../store/store.ts';
import { words } from '../words/words.svelte.ts';
import { Forecast } from './forecast.svelte.ts';

/** Steps that can be undone. A step holds only the files that it changed. */
const STEPS = 100;
/** Writing waits for a pause this long, in milliseconds. */
const PAUSE = 600;
/** Where a plan with pinned waves is kept in the folder. */
export const PLAN = 'plan.json';

/** Somebody else changed the same files since this page read them. */
export interface Conflict {
  theirs: Kept;
  both: string[];
}

/** Scenarios with changes that the store does not have yet. They outlive the pages that show them. */
const unsaved = new Map<string, Scenario>();

/** Whether closing the tab would lose somebody's work. */
export function losing(): boolean {
  return unsaved.size > 0;
}

/** One open scenario: its files are the truth, all else is asked of the engine. */
export class Scenario {
  readonly id: string;
  readonly forecast = new Forecast();
  name = $state('');
  files = $state.raw<Files>({});
  view = $state.raw<View | null>(null);
  notes = $state.raw<Note[]>([]);
  /** What the engine said of the last edit. */
  said = $state.raw<Note[]>([]);
  saving = $state<'saved' | 'waiting' | 'failed'>('saved');
  conflict = $state.raw<Conflict | null>(null);
  #version: string;
  readonly #place: string | undefined;
  /** The name as the store has it. */
  #called: string;
  /** The files as the store had them when this page last agreed with it. */
  #base: Files;
  #done = $state.raw<Files[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(read: Kept) {
    this.id = read.id;
    this.name = this.#called = read.name;
    this.files = this.#base = read.files;
    this.#version = read.version;
    this.#place = read.place;
  }

  static async open(id: string): Promise<Scenario | null> {
    const { store } = kept;
    const read = await inLine(id, () => store.get(id));
    const held = unsaved.get(id);
    if (held) {
      await held.look();
      return held;
    }
    if (!read) return null;
    const scenario = new Scenario(read);
    await scenario.look();
    return scenario;
  }

  get undoable(): boolean {
    return this.#done.length > 0;
  }

  /** The plan as kept in the folder, if waves are pinned in it. */
  get pinned(): Plan | null {
    const bytes = this.files[PLAN];
    if (!bytes) return null;
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as Plan;
    } catch {
      return null;
    }
  }

  /** Reads the files anew: what pages show, what is wrong, and the forecast. */
  async look(): Promise<void> {
    const { files } = this;
    const [notes, view] = await Promise.all([
      engine.check(files, words.language),
      engine.view(files, words.language).catch(() => null),
    ]);
    if (files !== this.files) return;
    this.notes = notes;
    // A folder with errors has no view: the last one stays on screen until it is mended.
    this.view = view ?? this.view;
    if (view && !notes.some((note) => note.severity === 'error')) void this.forecast.renew(files, view, this.pinned);
  }

  /** Writes keys into `scenario.toml`; comments in it stay. */
  async edit(sets: Setting[]): Promise<void> {
    const before = this.files;
    const { notes, files } = await engine.edit(before, sets, words.language);
    // Something else changed while the engine wrote: the keys go into what is there now, or that would be lost.
    if (this.files !== before) return this.edit(sets);
    this.said = notes.filter((note) => note.severity === 'error');
    if (this.said.length > 0) {
      // Nothing comes of what was announced.
      if (this.files === this.#base) void this.save();
      return;
    }
    await this.#become(files);
  }

  async rename(name: string): Promise<void> {
    this.name = name;
    await this.edit([['community.name', JSON.stringify(name)]]);
  }

  /** Writes files, or takes those away that are null, in one step. */
  async exchange(exchanged: Changes): Promise<void> {
    await this.#become(changed(this.files, exchanged));
  }

  /** Keeps where a person put waves; the rest is planned around them. */
  async keep(plan: Plan | null): Promise<void> {
    await this.exchange({ [PLAN]: plan && new TextEncoder().encode(JSON.stringify(plan, null, 1)) });
  }

  async undo(): Promise<void> {
    const last = this.#done.at(-1);
    if (!last) return;
    this.#done = this.#done.slice(0, -1);
    this.files = last;
    this.#saveSoon();
    await this.look();
  }

  async #become(files: Files): Promise<void> {
    this.#done = [...this.#done.slice(1 - STEPS), this.files];
    this.files = files;
    this.#saveSoon();
    await this.look();
  }

  /** A change is under way: a finger is still on it, or it is being worked out. */
  announce(): void {
    this.saving = 'waiting';
    unsaved.set(this.id, this);
  }

  #saveSoon(): void {
    this.announce();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), PAUSE);
  }

  /** Writes what is not yet written, when the page turns elsewhere. */
  async leave(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.saving !== 'saved') await this.save();
  }

  /** Writes what the store does not have, after what is being written already. */
  save(): Promise<void> {
    return inLine(this.id, () => this.#write());
  }

  async #write(): Promise<void> {
    const { store } = kept;
    while (!this.conflict) {
      const { files, name } = this;
      if (files === this.#base && name === this.#called) {
        this.#agreed(this.#version, files, name);
        return;
      }
      try {
        const put = await store.put(this.id, this.#version, name, changes(this.#base, files));
        if ('version' in put) {
          this.#agreed(put.version, files, name);
          return;
        }
        this.#meet(put.theirs);
      } catch {
        this.saving = 'failed';
        return;
      }
    }
  }

  /** Somebody else wrote first. What only one side changed is brought together; the rest a person decides. */
  #meet(theirs: Kept): void {
    const { files, both } = merge(this.#base, this.files, theirs.files);
    if (both.length > 0) {
      this.conflict = { theirs, both };
      return;
    }
    this.#version = theirs.version;
    this.#base = theirs.files;
    this.files = files;
    void this.look();
  }

  #agreed(version: string, files: Files, name: string): void {
    this.#version = version;
    this.#base = files;
    this.#called = name;
    if (this.files !== files || this.name !== name) return;
    this.saving = 'saved';
    if (unsaved.get(this.id) === this) unsaved.delete(this.id);
  }

  /** Settles a conflict: mine is written over theirs. Files that only they changed stay theirs. */
  async keepMine(): Promise<void> {
    if (!this.conflict) return;
    const { theirs } = this.conflict;
    this.conflict = null;
    this.files = merge(this.#base, this.files, theirs.files).files;
    this.#version = theirs.version;
    await this.save();
    await this.look();
  }

  /** Settles a conflict: theirs is taken. Mine can still be brought back by undoing. */
  async keepTheirs(): Promise<void> {
    if (!this.conflict) return;
    const { theirs } = this.conflict;
    this.conflict = null;
    this.#done = [...this.#done, this.files];
    this.files = theirs.files;
    this.name = theirs.name;
    this.#agreed(theirs.version, theirs.files, theirs.name);
    await this.look();
  }

  /** Settles a conflict: mine becomes a scenario of its own. */
  async keepBoth(name: string): Promise<string> {
    const { store } = kept;
    const copy = await store.create(name, this.files, this.#place);
    await this.keepTheirs();
    return copy.id;
  }
}
