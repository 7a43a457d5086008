/** What the module `review` gives and takes: JSON text in and out, files as bytes. It is the crate `browser`. */

import type { Curves, Language, Note, Plan, Spread } from '../engine/contract.ts';

export interface Lesson {
  code: string;
  /** The scenario's key: `site.station.sampling.service`. */
  key: string;
  old: unknown;
  new: unknown;
  why: 'interval' | 'large' | 'shape';
  before: { date: string | null; wait_p50_min: number | null; wait_p95_min: number | null; done_97_min: number | null };
  sentence: string;
  about: string;
}

export interface StationReview {
  name: string;
  mean_s: number | null;
  n: number;
  inferred: boolean;
  utilisation: number | null;
  wait_min: Spread;
}

export interface PlannedStation {
  name: string;
  planned_mean_s: number;
}

/** Times are minutes after opening. */
export interface PlannedWave {
  wave: number;
  planned_call_min: number;
  called_min: [number, number] | null;
  expected_people: number | null;
  people: number;
  served: number;
  wait_min: Spread;
}

export interface MissedDoor {
  wave: number | null;
  door: string | null;
  why: 'not_called' | 'not_come' | 'not_served';
  people: number;
}

export interface Helped {
  date: string | null;
  keys: string[];
  measure: string;
  verdict: 'helped' | 'same' | 'worse' | 'unknown';
  sentence: string;
}

export interface Reviewed {
  rounds: number;
  people: number;
  served: number;
  wait_min: Spread;
  queue: { first_minute: number; waiting: number[] };
  stations: StationReview[];
  coverage: { households: number; called: number };
  planned: { waves: PlannedWave[]; stations: PlannedStation[]; forecast: object | null } | null;
  lessons: Lesson[];
  notes: Note[];
  findings: string[];
  helped: Helped[];
  doors: MissedDoor[];
  /** Local time at which the round opened, `2026-12-01T07:00`. */
  opened: string | null;
  /** Minutes of the plan's rehearsal. */
  curves?: Curves;
}

export interface ReviewOptions {
  plan?: Plan;
  reps?: number;
  curves?: number;
}

export interface Hindsight {
  put(path: string, content: Uint8Array): void;
  take(name: string, content: Uint8Array): void;
  clear(): void;
  review(options: string, language: Language): string;
  /** What is set for a day on which a station is slow: JSON of `Setting[]`; empty if the folder has errors. */
  slowDay(station: string): string;
  /** JSON of the report, for the module that writes documents. */
  document(language: Language): string | undefined;
  missed(language: Language): Uint8Array | undefined;
}
