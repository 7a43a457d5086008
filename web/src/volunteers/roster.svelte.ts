import { ask, type Schemas } from '../access/access.ts';
import { words } from '../words/words.svelte.ts';

/** How often somebody looks whether a roster is made that another page began, in milliseconds. */
const LOOK_MS = 2000;

/** A community's roster for one scenario, as the server has it. It decides nothing: each change is asked for. */
export class Roster {
  seen = $state.raw<Schemas['RosterSeen'] | null>(null);
  wrong = $state('');
  busy = $state(false);
  /** Since when this page has waited for a roster, and for how many seconds it may. */
  making = $state.raw<{ since: number; most: number } | null>(null);
  #path: string;

  constructor(readonly community: string, readonly scenario: string) {
    this.#path = `communities/${community}/rosters/${encodeURIComponent(scenario)}`;
  }

  get view(): Schemas['RosterView'] | null {
    return this.seen?.roster ?? null;
  }

  async #doing(work: () => Promise<Schemas['RosterSeen']>): Promise<void> {
    this.busy = true;
    this.wrong = '';
    try {
      this.seen = await work();
    } catch (error) {
      this.wrong = error instanceof Error ? error.message : String(error);
    }
    this.busy = false;
  }

  /** `waits`: until it is made, the one that is shown stays. That somebody reads names is written down, not that they wait. */
  async look(waits = false): Promise<void> {
    const { view } = this;
    await this.#doing(async () => {
      const seen = await ask<Schemas['RosterSeen']>('GET', `${this.#path}?lang=${words.language}&waits=${waits}`);
      return waits && seen.making ? { ...seen, roster: view } : seen;
    });
    const making = this.seen?.making;
    // Another page, or this one before it was loaded anew, has begun to make it.
    if (making && !this.wrong) {
      this.making = { since: Date.now() - (making[0] ?? 0) * 1000, most: making[1] ?? 0 };
      setTimeout(() => void this.look(true), LOOK_MS);
    } else {
      this.making = null;
    }
  }

  async make(seconds: number): Promise<void> {
    this.making = { since: Date.now(), most: seconds };
    await this.#doing(() => ask('POST', `${this.#path}?lang=${words.language}`, { seconds }));
    this.making = null;
  }

  async change(change: Schemas['ByHand']): Promise<void> {
    const made = this.view?.made ?? 0;
    await this.#doing(() => ask('PUT', `${this.#path}?lang=${words.language}`, { made, change }));
    // Somebody made it anew: what is shown is not what is there.
    if (this.wrong && this.view) {
      const { wrong } = this;
      await this.look();
      this.wrong = wrong;
    }
  }
}
