import type { Setting, View } from '../engine/contract.ts';
import type { Scenario } from '../scenario/scenario.svelte.ts';

/** What sliders set is written after a pause this long, in milliseconds, and not before the figures have followed. */
const PAUSE = 700;

/** Sliders' positions that are followed by the figures and not yet written. */
export class Draft {
  #set = $state.raw<ReadonlyMap<string, string>>(new Map());
  #timer: ReturnType<typeof setTimeout> | undefined;
  #moves = 0;

  constructor(readonly scenario: Scenario) {}

  /** A key's value on screen: as drafted, or else as the scenario has it. */
  value(key: string, kept: number): number {
    const drafted = this.#set.get(key);
    return drafted === undefined ? kept : Number(drafted);
  }

  move(key: string, value: string, view: View): void {
    this.#set = new Map([...this.#set, [key, value]]);
    this.scenario.announce();
    const followed = this.scenario.forecast.follow(this.scenario.files, view, this.#settings());
    const move = ++this.#moves;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void followed.then(() => this.#rest(move)), PAUSE);
  }

  /** The slider rests where this move left it. */
  #rest(move: number): void {
    if (move === this.#moves) void this.write();
  }

  async write(): Promise<void> {
    clearTimeout(this.#timer);
    const settings = this.#settings();
    if (settings.length === 0) return;
    await this.scenario.edit(settings);
    const now = this.#settings();
    // A slider may have moved on while its last position was written.
    if (settings.every(([key, value]) => now.some(([k, v]) => k === key && v === value)) && now.length === settings.length) {
      this.#set = new Map();
    }
  }

  #settings(): Setting[] {
    return [...this.#set];
  }
}
