import type { Files, Plan } from '../engine/contract.ts';
import { engine, Refused } from '../engine/engine.ts';
import { Superseded } from '../engine/seat.ts';
import { bare, FEW } from '../scenario/forecast.svelte.ts';
import { PLAN } from '../scenario/scenario.svelte.ts';
import { words } from '../words/words.svelte.ts';

/** What becomes of pinned waves when another roll takes the place of theirs. */
export interface Fitted {
  /** The plan around the pins that stay; null: none stays. */
  plan: Plan | null;
  /** Pinned waves that had to go. */
  gone: number;
}

/** How a note says which wave it is about: by its place in the plan's file. */
const WAVE = /^waves\[(\d+)\]/;

/**
 * The pins that stay in a folder with another roll, and a plan of all its doors around them. Which of them do not fit is
 * said by the engine's notes. Null where the folder has other errors: they are mended first, and then it is asked again.
 */
export async function fitted(files: Files, kept: Plan): Promise<Fitted | null> {
  const pins = kept.waves.filter((wave) => wave.pinned);
  let stay = pins;
  while (stay.length > 0) {
    try {
      const keep = { ...kept, waves: stay };
      const plan = await engine.plan(files, { policy: 'waves', keep, quick: true, reps: FEW }, words.language);
      return { plan: bare(plan), gone: pins.length - stay.length };
    } catch (error) {
      // A forecast that was under way asks at the same desk.
      if (error instanceof Superseded) continue;
      if (!(error instanceof Refused)) throw error;
      const refused = error.notes.filter((note) => note.severity === 'error');
      if (refused.some((note) => note.file !== PLAN)) return null;
      const unfit = new Set(refused.map((note) => Number(WAVE.exec(note.column ?? '')?.[1]) - 1));
      const left = stay.filter((_, place) => !unfit.has(place));
      // A plan that is refused as a whole holds no pin.
      stay = left.length < stay.length ? left : [];
    }
  }
  return { plan: null, gone: pins.length };
}
