/** The modules are built by `make web` and are not in the repository; this is their shape where they have not been built. */
declare module '*/module/review.js' {
  export default function init(from: { module_or_path: URL }): Promise<unknown>;
  export function teach(language: string, catalogue: string): void;
  export const Hindsight: new (offset_min: (zone: string, ms: number) => number) => import('./contract.ts').Hindsight;
}

/** The module that writes documents for a word processor. */
declare module '*/module/paper.js' {
  export default function init(from: { module_or_path: URL }): Promise<unknown>;
  export function docx(document: string): Uint8Array;
}
