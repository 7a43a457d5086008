import type { Files, Language } from '../engine/contract.ts';

/** What the page asks of the worker that looks back. The worker keeps the last review for the others. */
export type Asked =
  | { method: 'review'; files: Files; events: Files; options: string; language: Language }
  | { method: 'slowDay'; files: Files; station: string; language: Language }
  | { method: 'docx' | 'missed'; language: Language };

export interface Answered {
  text?: string;
  bytes?: Uint8Array | undefined;
  failed?: string;
}
