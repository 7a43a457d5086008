import type { Plan, Wave } from '../engine/contract.ts';
import { bare } from '../scenario/forecast.svelte.ts';
import type { Scenario } from '../scenario/scenario.svelte.ts';
import { callAt, minuteOf } from './waves.ts';

/** A wave moved by keys is planned around after a pause this long, in milliseconds. */
const PAUSE = 800;

interface Place {
  minute: number;
  lane: number;
}

/** Waves on their way to where a person wants them. */
export class Moving {
  /** The wave that is looked at, by the first door of its list: numbers change when the rest is planned anew. */
  #chosen = $state<string | null>(null);
  #moved = $state.raw<ReadonlyMap<number, Place>>(new Map());
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly scenario: Scenario) {}

  choose(wave: Wave | null): void {
    this.#chosen = wave?.members[0] ?? null;
  }

  isChosen(wave: Wave): boolean {
    return this.#chosen !== null && wave.members[0] === this.#chosen;
  }

  /** Where a wave is drawn: where it is held, or else where the plan has it. */
  place(wave: Wave, date: string): Place {
    return this.#moved.get(wave.number) ?? { minute: minuteOf(wave, date), lane: wave.lane };
  }

  held(wave: Wave): boolean {
    return this.#moved.has(wave.number);
  }

  hold(wave: Wave, place: Place): void {
    this.#moved = new Map([...this.#moved, [wave.number, place]]);
  }

  /** Moves by keys or buttons; the plan follows after a pause. */
  nudge(wave: Wave, place: Place): void {
    this.hold(wave, place);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.drop(), PAUSE);
  }

  /** Pins what was moved, and plans the rest around it. */
  async drop(): Promise<void> {
    clearTimeout(this.#timer);
    const { plan } = this.scenario.forecast;
    const date = this.scenario.view?.date;
    if (!plan || date === undefined || this.#moved.size === 0) return;
    const moved = this.#moved;
    await this.#keep(plan, (wave) => {
      const place = moved.get(wave.number);
      return place ? { ...wave, call_at: callAt(place.minute, date), lane: place.lane, pinned: true } : wave;
    });
    if (this.#moved === moved) this.#moved = new Map();
  }

  async pin(number: number, pinned: boolean): Promise<void> {
    const { plan } = this.scenario.forecast;
    if (plan) await this.#keep(plan, (wave) => (wave.number === number ? { ...wave, pinned } : wave));
  }

  async unpinAll(): Promise<void> {
    await this.scenario.keep(null);
  }

  async #keep(plan: Plan, change: (wave: Wave) => Wave): Promise<void> {
    const waves = plan.waves.map(change);
    const kept = { ...bare(plan), waves };
    // The page shows the wave where it was put while the rest is planned.
    this.scenario.forecast.plan = kept;
    await this.scenario.keep(waves.some((wave) => wave.pinned) ? kept : null);
  }
}
