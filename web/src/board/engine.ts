import { teach } from '../engine/teach.ts';
import { words } from '../words/words.svelte.ts';

/** The crate `browser`'s board: events in, what stands where and what it means out. Times are minutes after opening. */
export interface BoardEngine {
  push(lines: Uint8Array): void;
  /** Goes to a moment, forwards or back; true where anything happened in between. */
  advance(to_min: number): boolean;
  firstMin(): number;
  lastMin(): number;
  /** For each person number, x, y and bits; tells how many numbers there are. */
  people(into: Float32Array): number;
  now(language: string): string;
  free(): void;
}

export interface BoardClass {
  /** `site`: JSON of `verbs::board_site`. */
  new (site: string): BoardEngine;
}

let opened: Promise<BoardClass> | null = null;

/** The board's module, loaded when first needed. */
export function boardClass(): Promise<BoardClass> {
  opened ??= (async () => {
    const module = await import('../engine/module/board.js');
    await module.default({ module_or_path: new URL('../engine/module/board_bg.wasm', import.meta.url) });
    await words.first((language) => teach(module, language));
    return module.Board;
  })();
  return opened;
}

/** Numbers of a person in `people`. */
export const STRIDE = 4;
/** What a person is doing: the lowest two bits. */
export const DOING = { waiting: 0, served: 1, watched: 2, walking: 3 } as const;
export const GREEN = 4;
export const SPILLS = 8;
