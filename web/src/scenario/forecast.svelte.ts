import type { Curves, Figures, Files, Plan, PlanOptions, RehearseOptions, Setting, View } from '../engine/contract.ts';
import { engine, Refused, type Side } from '../engine/engine.ts';
import { Superseded } from '../engine/seat.ts';
import { words } from '../words/words.svelte.ts';

/** Replications of an answer that follows the finger, and of the one that stays. */
export const FEW = 10;
export const ALL = 100;
/** Replications that a picture is averaged over. */
const DRAWN = { few: 5, all: 50 };

/** One way of reaching residents, rehearsed. */
class Lived {
  figures = $state.raw<Figures | null>(null);
  curves = $state.raw<Curves | null>(null);

  take(figures: Figures, curves: Curves | undefined): void {
    this.figures = figures;
    if (curves) this.curves = curves;
  }

  forget(): void {
    this.figures = null;
    this.curves = null;
  }
}

/**
 * The plan and what its rehearsal says, beside the way it was done before. Each of the two has a worker of its own; a
 * newer question always wins.
 */
export class Forecast {
  before = new Lived();
  now = new Lived();
  plan = $state.raw<Plan | null>(null);
  findings = $state.raw<string[]>([]);
  /** Figures on screen come from few replications, and better ones are under way. */
  rough = $state(false);
  busy = $state(false);
  failed = $state<string | null>(null);
  #turn = 0;
  /** All replications of what a slider says are on screen: planning anew shows nothing rougher. */
  #followed = false;

  /** Plans anew and rehearses both ways. Pinned waves of `keep` stay where they are. */
  async renew(files: Files, view: View, keep: Plan | null): Promise<void> {
    const turn = this.#begin(!this.#followed);
    if (view.called) await this.#guard(turn, [this.#renewBefore(turn, files), this.#renewPlan(turn, files, keep)]);
    else await this.#guard(turn, [this.#renewAsGiven(turn, files)]);
  }

  /** Answers a slider's position: roughly at once, then well. Nothing is written. */
  async follow(files: Files, view: View, set: Setting[]): Promise<void> {
    const turn = this.#begin(true);
    const load = this.plan?.load ?? null;
    const paced: Setting[] =
      load === null || set.some(([key]) => key === 'waves.load') ? set : [...set, ['waves.load', String(load)]];
    const lives: [Side, RehearseOptions][] = view.called
      ? [['before', { policy: 'broadcast', set }], ['now', { policy: 'waves', set: paced }]]
      : [['now', { set }]];
    await this.#guard(turn, lives.map(([side, options]) => this.#followOne(turn, side, files, options)));
    this.#followed = turn === this.#turn && this.failed === null;
  }

  async #followOne(turn: number, side: Side, files: Files, way: RehearseOptions): Promise<void> {
    for (const [reps, curves] of [[FEW, DRAWN.few], [ALL, DRAWN.all]] as const) {
      const options: RehearseOptions = { ...way, reps, curves, quick: true, moves: false };
      const lived = await engine.rehearse(side, files, options, words.language);
      if (turn !== this.#turn) return;
      this[side].take(lived, lived.curves);
    }
  }

  async #renewBefore(turn: number, files: Files): Promise<void> {
    const options: RehearseOptions = { policy: 'broadcast', reps: ALL, curves: DRAWN.all, moves: false };
    const lived = await engine.rehearse('before', files, options, words.language);
    if (turn === this.#turn) this.before.take(lived, lived.curves);
  }

  /** A quick plan first, from few replications where none are on screen, then the one that stays; each with what the two ways say of each other. */
  async #renewPlan(turn: number, files: Files, keep: Plan | null): Promise<void> {
    const asked: PlanOptions = { policy: 'waves', reps: ALL, curves: DRAWN.all };
    if (keep) asked.keep = keep;
    const few = this.rough ? { reps: FEW, curves: DRAWN.few } : {};
    const quick = await engine.plan(files, { ...asked, ...few, quick: true }, words.language);
    if (!this.#planned(turn, quick)) return;
    const [full] = await Promise.all([
      engine.plan(files, asked, words.language, true),
      this.#find(turn, files, quick, false).catch(gaveWay),
    ]);
    if (!this.#planned(turn, full)) return;
    this.rough = false;
    await this.#find(turn, files, full, false);
    await this.#find(turn, files, full, true);
  }

  #planned(turn: number, plan: Plan): boolean {
    if (turn !== this.#turn) return false;
    this.plan = plan;
    this.now.take(plan.forecast, plan.curves);
    return true;
  }

  /** What the figures say, as sentences; `moves` looks for the one move of staff that gains most. */
  async #find(turn: number, files: Files, plan: Plan, moves: boolean): Promise<void> {
    const options: RehearseOptions = { plan: bare(plan), compare: 'broadcast', reps: ALL, moves };
    const both = await engine.rehearse('before', files, options, words.language, true);
    if (turn === this.#turn) this.findings = both.findings;
  }

  async #renewAsGiven(turn: number, files: Files): Promise<void> {
    this.plan = null;
    this.before.forget();
    const lived = await engine.rehearse('now', files, { reps: ALL, curves: DRAWN.all }, words.language);
    if (turn !== this.#turn) return;
    this.now.take(lived, lived.curves);
    this.findings = lived.findings;
  }

  #begin(rough: boolean): number {
    this.busy = true;
    this.rough = rough;
    this.#followed = false;
    this.failed = null;
    return ++this.#turn;
  }

  async #guard(turn: number, work: Promise<void>[]): Promise<void> {
    for (const outcome of await Promise.allSettled(work)) {
      if (outcome.status === 'fulfilled' || turn !== this.#turn || outcome.reason instanceof Superseded) continue;
      const { reason } = outcome as { reason: unknown };
      this.failed = reason instanceof Refused || reason instanceof Error ? reason.message : String(reason);
    }
    if (turn !== this.#turn) return;
    this.busy = false;
    this.rough = false;
  }
}

function gaveWay(error: unknown): void {
  if (!(error instanceof Superseded)) throw error;
}

/** A plan as its file has it, without what was computed beside it. */
export function bare(plan: Plan): Plan {
  const { curves: _, ...rest } = plan;
  return rest;
}
