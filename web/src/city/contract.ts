/** What a city's page draws, as Rust gives it: of the server's documents, or of files that somebody picked. Numbers of districts, labs and
 *  sites are places in these lists; clocks are text. */

import type { Language } from '../engine/contract.ts';

export type Kind = 'rounds' | 'aid' | 'target';
export type Lonlat = [longitude: number, latitude: number];

export interface District {
  name: string;
  latitude: number | null;
  longitude: number | null;
  radius_km: number;
  /** Coordinates of a GeoJSON `MultiPolygon`. */
  outline: Lonlat[][][] | null;
  sites: number;
  tubes: number;
  oldest_h: number | null;
}

export interface Lab {
  name: string;
  latitude: number;
  longitude: number;
  /** In another city. */
  away: boolean;
  /** All that comes there is shown, not only a part. */
  whole: boolean;
  tubes: number;
  /** Of what it can test until results are due; null where only a part of what comes there is shown. */
  share: number | null;
  /** By hour. */
  brought: number[];
  capacity: number[];
  waiting_max: number | null;
}

export interface Site {
  name: string;
  district: number;
  latitude: number;
  longitude: number;
  tubes: number;
  /** To which its last tubes go; null where nobody comes any more. */
  lab: number | null;
}

export interface Round {
  number: number;
  lab: number;
  ends: number;
  vehicles: number;
  minutes: number;
  departs: string[];
  /** When each of them is at the lab. */
  arrives: string[];
  oldest_h: number | null;
  too_old: boolean;
  stops: { site: number; first: string; boxes: number; tubes: number }[];
}

export interface Clocks {
  within_h: number;
  half_hours: number[];
  tubes: number;
  late: number;
  untested: number;
  p50_h: number | null;
  p95_h: number | null;
}

export interface Transfer {
  /** Null where that lab is not shown. */
  from: number | null;
  to: number;
  departs: string;
  arrives: string;
  tubes: number;
  told_by: string;
}

export interface Rounds {
  city: string;
  hours: string[];
  due: string;
  districts: District[];
  labs: Lab[];
  sites: Site[];
  flows: { district: number; lab: number; tubes: number }[];
  clocks: Clocks;
  /** The one with the oldest tube first. */
  rounds: Round[];
  transfers: Transfer[];
  unserved: string[];
  sentences: string[];
}

export interface Recipient {
  name: string;
  asked_person_days: number;
  met_person_days: number;
  /** Of what was asked, as text. */
  met: string;
  people: number[];
  donors: { donor: string; skill: string; teams: string[]; people: number[] }[];
  short: string[];
}

export interface Teams {
  days: string[];
  recipients: Recipient[];
  sentences: string[];
}

export interface Cases {
  date: string;
  p05: number;
  p25: number;
  p50: number;
  p75: number;
  p95: number;
}

export interface Policy {
  name: string;
  likely: string | null;
  targets: { date: string; probability: number; low: number; high: number }[];
  cases: Cases[];
}

export interface Target {
  by: string;
  goal: { at_most: number; clear_days: number };
  series: { first: string; last: string; cases: (number | null)[] };
  policies: Policy[];
  sentences: string[];
}

export interface CityView {
  rounds: Rounds | null;
  teams: Teams | null;
  target: Target | null;
}

/** What is looked at: all, or what belongs to one district or lab. */
export type Chosen = { kind: 'all' } | { kind: 'district' | 'lab'; at: number };

/** The module: files in, the view as JSON out. */
export interface CityDocuments {
  /** `{kind}`, or `{notes}`. */
  take(name: string, content: Uint8Array, language: Language): string;
  view(): string;
  free(): void;
}
