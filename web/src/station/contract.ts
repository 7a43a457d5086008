/** What the module `station` gives and takes: JSON text in and out, frames as bytes. It is the crate `browser`. */

import type { Language } from '../engine/contract.ts';

export type Role = 'registrar' | 'sampler' | 'caller' | 'order' | 'watch' | 'tally' | 'box' | 'label' | 'courier' | 'lab' | 'recall';
export type Guest = 'tenant' | 'visitor' | 'carer' | 'other';
export type Answer = 'coming' | 'not_at_home' | 'cannot_come';

export interface Table {
  station: string;
  /** From 1; 0: one for all lanes. */
  lane: number;
  server: number;
}

export interface Person {
  visit: string;
  /** Empty for somebody who is not on the roll. */
  name: string;
  door: string;
  class: string;
  green: boolean;
  number: number | null;
  arrived: string | null;
  item: string | null;
  guest: Guest | null;
}

export interface Door {
  household: string;
  label: string;
  floor: number | null;
  lane: number;
  called: string | null;
  answer: Answer | null;
  /** When it was told of a notice. */
  told: string | null;
  /** Codes of bookings in other systems. */
  booked: string[];
  people: Person[];
}

export interface Tube {
  item: string;
  label: string;
  people: Person[];
  pool: number;
  open: boolean;
}

export interface Now {
  clock: string;
  phase: 'before' | 'open' | 'closed';
  unsent: number;
  written: number;
  undo_s: number | null;
  served_here: number;
  queue: Person[];
  queue_people: number;
  counted: [people: number, minutes: number] | null;
  tally: [came: number, left: number];
  green: number;
  tube: Tube | null;
  lot: string | null;
  /** The stopwatch card that is handed out next. */
  next_card: number;
  /** The lowest number of a card that is back. */
  card_back: number | null;
  /** Stopwatch cards on their way to this table. */
  cards: number[];
  /** The queue as the last card has measured it. */
  card_waited: [minutes: number, at: string] | null;
  /** Who is watched after a service, who may go first: as many as one step can let go, at most. */
  watched: Watched[];
  /** How many there are. */
  watched_people: number;
}

export interface Watched extends Person {
  until: string;
  /** 0: may go. */
  left_s: number;
}

export interface Counter {
  name: string;
  word: string;
  shared: boolean;
  gives: boolean;
}

export interface Site {
  name: string;
  community: string;
  round: string;
  device: string;
  role: string;
  /** What whoever joined in this role may do. */
  tasks: Role[];
  forget_at_ms: number;
  lanes: number;
  stations: Counter[];
  gives: string | null;
  pool: number;
  green: string | null;
  lots: string[];
  doors: number;
}

export interface Refused {
  code: string;
  message: string;
  next: string;
  place: number;
  /** What else it may be, on a button. */
  other?: { word: string; act: () => void };
}

/** A card of another system. */
export interface ForeignCard {
  /** What stands for it. */
  code: string;
  /** Somebody said already whose it is. */
  linked: boolean;
}

export type Decided = { step: { first: number; frames: number } } | { refused: Refused };

export type Read =
  | { kind: 'tube'; tube: Tube; refused: Refused | null }
  | { kind: 'batch'; batch: string }
  | { kind: 'door'; door: Door; card: ForeignCard | null }
  | { kind: 'person'; person: Person; door: Door | null; card: ForeignCard | null }
  | { kind: 'card'; card: number }
  | ({ kind: 'fault'; card: ForeignCard | null } & Refused)
  | { kind: 'other'; card: ForeignCard | null };

/** A door on a list of those that somebody walks to. */
export interface CalledDoor extends Door {
  note: string;
  open: boolean;
}

/** What a caller walks to now, list by list, in words. */
export interface Calls {
  wave: number | null;
  lists: { name: string; word: string; head: string; doors: CalledDoor[] }[];
}

/** A tube by what is read on it. */
export interface TubeLabel {
  item: string;
  label: string;
}

/** A box of tubes. */
export interface Batch {
  batch: string;
  label: string;
  /** The whole code, for whoever takes it and cannot scan it. */
  code: string;
  /** None where this phone has not heard what is in it. */
  tubes: TubeLabel[];
  count: number;
  /** When it was closed; `null`: this phone has not heard of that. */
  sealed: string | null;
  holder: 'site' | 'courier' | 'lab' | null;
  phone: string;
  since: string | null;
  /** Whoever holds this phone has it. */
  mine: boolean;
  /** Minutes until the first of its tubes is to be at the lab. */
  left_min: number | null;
  opened: boolean;
  missing: string[];
  spoiled: string[];
  /** Found in it, and on no list of it. */
  extra: TubeLabel[];
}

export interface Boxes {
  /** Sealed tubes that are in no box. */
  loose: TubeLabel[];
  /** Closed here, and not taken yet. */
  here: Batch[];
  held: Batch[];
}

/** Somebody who is to be called back. */
export interface ToCall extends Person {
  tube: string;
  /** Of which they are told. */
  report: string;
  /** What they are told first. */
  say: 'pool' | 'again' | 'contact';
  since: string;
  left_min: number;
  called: [outcome: 'reached' | 'not_reached' | 'refused', at: string] | null;
  alone: string | null;
  done: boolean;
}

/** As the middle of the house has it, `domain::Command`. */
export type Command = { type: string } & Record<string, unknown>;

export interface Station {
  site(language: Language): string;
  decide(at_ms: number, commands: string, language: Language): string;
  undo(at_ms: number, language: Language): string;
  pending(): Uint8Array<ArrayBuffer> | undefined;
  done(): void;
  forget(): void;
  slice(): Uint8Array<ArrayBuffer> | undefined;
  sliceIsAll(): boolean;
  stored(seq: number, hash: string): boolean;
  acknowledged(): string;
  hear(lines: string): number;
  now(at_ms: number): string;
  find(typed: string): string;
  door(household: string): string;
  scanned(text: string, language: Language): string;
  calls(at_ms: number, language: Language): string;
  tube(item: string): string;
  person(visit: string): string;
  boxes(at_ms: number): string;
  batch(batch: string, at_ms: number): string;
  toCall(at_ms: number): string;
  fresh(at_ms: number): string;
  sit(table: string): void;
  table(): string;
  free(): void;
}

export interface StationClass {
  publicKey(secret: Uint8Array): string;
  start(bundle: string, secret: Uint8Array, frames: Uint8Array, acknowledged: string, random: Uint8Array): Station | undefined;
}
