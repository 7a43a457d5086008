import type { Figures } from '../engine/contract.ts';

/** A fault card in words, as `verbs::faults::CardWords` has it. */
export interface Card {
  name: string;
  value: number | null;
  unit: string | null;
  from_min: number | null;
  /** Why this scenario cannot meet it. */
  unmet: string | null;
  range: [number, number] | null;
  title: string;
  amount: string;
  happened: string;
  look: string;
  decide: string;
  unmet_because: string;
}

/** All cards, and the names under which several are played. */
export interface Dealt {
  cards: Card[];
  hands: { name: string; cards: string[] }[];
}

/** A day with faults, and the same day without. */
export interface Played extends Figures {
  faults: Pick<Card, 'name' | 'value' | 'unit' | 'from_min' | 'unmet'>[];
  without: Figures;
  findings: string[];
}
