/** What the engine gives and takes: JSON text in and out, files as bytes. The engine is the crate `browser`. */

/** The tag of a language of the catalogue: `en`, `zh-Hant`. */
export type Language = string;
/** A scenario folder: path in it → content. */
export type Files = Record<string, Uint8Array>;
export type Severity = 'error' | 'warning' | 'hint';
/** A key of `scenario.toml` and what it is set to: `site.station.sampling.servers`, `3`. */
export type Setting = [key: string, value: string];

export interface Note {
  severity: Severity;
  file: string | null;
  row: number | null;
  column: string | null;
  code: string;
  message: string;
  mend: string;
}

export interface Role {
  name: string;
  tasks: string[];
  limits: string[];
  doubts: string[];
}

export interface Service {
  id: string;
  name: string;
  gives: 'tube' | 'dose' | 'course' | 'parcel' | 'nothing';
  to: 'person' | 'household' | 'vehicle';
  roles: Role[];
  notice: Record<'call' | 'bring' | 'at_site' | 'after', string | null>;
}

export type Reach = 'doors' | 'chat' | 'appointments' | 'walk-in';

/** The seven answers as they are given. A note of `ask` names the answer in its column. */
export interface Answers {
  service: string;
  people: number | null;
  households: number | null;
  date: string;
  opens: string;
  closes: string;
  /** Callers included. */
  staff: number | null;
  reach: Reach;
  room: number | null;
  wait: number | null;
  timezone: string;
  name: string;
}

export interface StationView {
  name: string;
  word: string;
  shared: boolean;
  /** In each lane, or in all where shared; null: nobody ever waits. */
  servers: number | null;
  /** The same all day, so that a slider can set it. */
  steady: boolean;
  mean_s: number;
  observe_min: number;
  /** Where people of any class go from here, each once: stations, and `exit`. */
  next: string[];
}

export type Point = [x: number, y: number];

export interface Post {
  station: string;
  /** From 1; 0: shared by all lanes. */
  lane: number;
  at_m: Point;
  servers_m: Point[];
  /** The line of its queue, from the head backwards. */
  queue_m: Point[];
  /** The places along it, from the head: as many as fit. */
  places_m: Point[];
  /** Where people sit or are watched: upper left and lower right corner. */
  area_m: [Point, Point] | null;
  seats_m: Point[];
}

/** The plan of the site in metres, from its upper left corner to the right and down. */
export interface Layout {
  width_m: number;
  depth_m: number;
  spacing_m: number;
  entrance_m: Point;
  exit_m: Point;
  /** People who fit all drawn queues. */
  queue_room: number;
  posts: Post[];
}

export interface View {
  community: string;
  timezone: string;
  purpose: string;
  /** `2022-03-28` */
  date: string;
  /** `07:00` */
  opens: string;
  /** Minutes after opening; null: when all are served. */
  closes_min: number | null;
  pool: number;
  arrivals: string;
  /** Whether households are called, so that policies can be compared. */
  called: boolean;
  roll: { entrances: number; households: number; people: number };
  site: { lanes: number; room: number | null; green_channel: boolean; starts: string[]; stations: StationView[] };
  wait_p95_min: number;
  /** Share of the bottleneck's capacity; null: chosen by rehearsal. */
  load: number | null;
  callers: number;
  attendance_households: number;
  attendance_persons: number;
  layout: Layout | null;
}

export type Policy = 'broadcast' | 'waves';

export interface Spread {
  mean: number | null;
  p50: number | null;
  p95: number | null;
  max: number | null;
  ci95: [number, number] | null;
  p95_ci95: [number, number] | null;
}

export interface StationFigures {
  name: string;
  servers: number | null;
  utilisation: number | null;
  wait_min: Spread;
}

/** People by minute. */
export interface Curves {
  /** After opening; may be negative. */
  first_minute: number;
  /** People waiting: fewer only on 1 day in 20, on average, more only on 1 day in 20. */
  waiting: [number[], number[], number[]];
  waiting_at: number[][];
  served_at: number[][];
  arrived: number[];
  done: number[];
}

export interface Figures {
  people: number;
  served: number;
  left: number;
  unserved: number;
  replications: number;
  engine: string;
  wait_min: Spread;
  stay_min: Spread;
  green: { people: number; wait_min: Spread } | null;
  done_97_min: number | null;
  queue_max: number;
  crowd_person_min: number | null;
  caller_hours: number;
  stations: StationFigures[];
}

export interface Rehearsed extends Figures {
  compared?: Figures & { policy: Policy; curves?: Curves };
  findings: string[];
  curves?: Curves;
}

export interface Wave {
  number: number;
  /** `07:05:00`, or with its date where that is another day. */
  call_at: string;
  lane: number;
  households: number;
  people: number;
  members: string[];
  pinned?: boolean;
}

export interface Plan {
  policy: Policy;
  load: number | null;
  waves: Wave[];
  roster: { post: string; people: number }[];
  tail: { last_call_at: string; households_expected: number; at_home: number } | null;
  choice: { target_p95_min: number; meets_target: boolean } | null;
  forecast: Figures;
  notes: Note[];
  curves?: Curves;
}

export interface Options {
  seed?: number;
  reps?: number;
  /** A first answer while somebody looks on: fewer replications choose and confirm the load. */
  quick?: boolean;
  set?: Setting[];
  /** Replications whose minutes are drawn; absent: none. */
  curves?: number;
  /** What must be at the gate when, for which the day is lived once more. */
  supplies?: boolean;
}

export interface PlanOptions extends Options {
  policy: Policy;
  /** A plan whose pinned waves stay where they are. */
  keep?: Plan;
}

export interface RehearseOptions extends Options {
  policy?: Policy;
  plan?: Plan;
  compare?: Policy;
  /** Whether the one move of staff that gains most is looked for. */
  moves?: boolean;
}

/** A file for tonight: name and content. */
export type Sheet = [name: string, content: string];

/** One scenario folder inside the module. Text is JSON, and `{notes}` where the folder refuses. */
export interface Folder {
  fromExample(name: string): boolean;
  put(path: string, content: Uint8Array): void;
  clear(): void;
  paths(): string[];
  get(path: string): Uint8Array | undefined;
  ask(answers: string, language: Language): string;
  check(language: Language): string;
  view(language: Language): string;
  edit(sets: string, language: Language): string;
  learn(lessons: string, language: Language): string;
  plan(options: string, language: Language): string;
  rehearse(options: string, language: Language): string;
  chat(plan: string, language: Language): string;
  events(options: string, language: Language): Uint8Array;
  /** The site as JSON in the first line, then the events. */
  board(options: string, language: Language): Uint8Array;
}

export interface FolderClass {
  /** `offset_min(zone, ms)`: minutes that a time zone is ahead of UTC at a moment, NaN for an unknown zone. */
  new (offset_min: (zone: string, ms: number) => number): Folder;
  services(language: Language): string;
  examples(): string[];
}
