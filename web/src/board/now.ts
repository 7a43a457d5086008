import type { Layout, View } from '../engine/contract.ts';
import { number } from '../words/figures.ts';

/** What a board is told before the first event. Its rules and calls are for the engine alone. */
export interface Site {
  view: View & { layout: Layout };
  /** Known where the stream has an end. */
  first_min?: number;
  last_min?: number | null;
}

export type Pressure = 'clear' | 'busy' | 'jammed';

/** A station in one lane. */
export interface DeskNow {
  station: number;
  word: string;
  /** From 1; 0: shared by all lanes. */
  lane: number;
  queue: number;
  first: number;
  serving: number;
  served: number;
  servers: number | null;
  idle: number | null;
  head_wait_min: number | null;
  predicted_wait_min: number | null;
  pressure: Pressure;
  idle_since: string | null;
  starved: boolean;
  /** Its place among the posts of the layout. */
  post: number | null;
  places: number;
  /** Servers at work, from 1. */
  busy: number[];
}

export interface WaveNow {
  wave: number;
  clock: string;
  call_at_min: number;
  state: 'coming' | 'due' | 'calling' | 'called';
  late: boolean;
  lane: number;
  /** In it, called, and come. */
  households: [number, number, number];
  /** In it, and come. */
  people: [number, number];
}

export interface LaneNow {
  lane: number;
  wave: number | null;
  doors: string[];
  next: { wave: number; clock: string; doors: string[] } | null;
  numbers: number[];
  waiting: number;
  predicted_wait_min: number | null;
}

export interface Found {
  number: number;
  code: string;
  at_min: number;
  at: string;
  until: string | null;
  text: string;
}

export interface Counts {
  arrived: number;
  walking: number;
  waiting: number;
  serving: number;
  observed: number;
  served: number;
  left: number;
  unserved: number;
  green: number;
}

/** How many sealed tubes are where. */
export interface Places {
  boxed: number;
  on_the_way: number;
  at_lab: number;
  missing: number;
  with_result: number;
}

/** The board's figures at a moment. */
export interface Now {
  at_min: number;
  clock: string;
  phase: 'before' | 'open' | 'closed';
  counts: Counts;
  at_site: number;
  room: number | null;
  crowded: boolean;
  households: [number, number, number, number];
  desks: DeskNow[];
  tubes: { open: { tube: string; people: number; open_min: number }[]; sealed: number; people: number; places: Places };
  gives: string | null;
  pool: number;
  waves: WaveNow[];
  /** Whether the waves are one message to all. */
  broadcast: boolean;
  next_call: { wave: number; queue_then: number; wait_then_min: number | null; may: boolean } | null;
  lanes: LaneNow[];
  /** (minutes ago, people waiting), the oldest first. */
  past: [number, number][];
  /** People waiting in so many minutes, from now on. */
  ahead: number[];
  /** The newest first. */
  findings: Found[];
  conflicts: number;
  unread: number;
}

/** A wait as it is read: nobody waits 0 minutes. */
export function minutes(wait_min: number): string {
  return wait_min < 0.75 ? '<1' : number(Math.round(wait_min));
}
