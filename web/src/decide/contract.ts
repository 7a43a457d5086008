/** What the server tells of the evening's log: the fields of `shouhu decide --json`. */

export interface Line {
  at: string;
  by_word: string;
  did: string;
  words: string;
}

export interface Decision {
  number: number;
  at: string;
  by_word: string;
  words: string;
  problem: string;
  change: string;
  figure_word: string;
  state: 'proposed' | 'objected' | 'trying' | 'agreed' | 'dropped';
  state_word: string;
  /** What may be done now; `words` where it takes a sentence. */
  moves: { act: 'object' | 'try' | 'agree' | 'drop'; word: string; words: boolean }[];
  log: Line[];
  expected: { before: number; after: number; one_day: [number, number] | null; sentence: string } | null;
  measured: { value: number } | null;
  fact: { value: number } | null;
  verdict: 'helped' | 'same' | 'worse' | 'unknown' | null;
  verdict_word: string | null;
  sentence: string | null;
}

export interface Log {
  said: Line[];
  decisions: Decision[];
  figures: { figure: string; word: string }[];
  people: { by: string; word: string }[];
  cards: string[];
  parameters: { key: string; about: string; value: string }[];
  lessons: { key: string; about: string; sentence: string }[];
}
