/** The board's own module, built by `make web`; this is its shape where it has not been built. */
declare module '*/module/board.js' {
  export default function init(from: { module_or_path: URL }): Promise<unknown>;
  export function teach(language: string, catalogue: string): void;
  export const Board: import('./engine.ts').BoardClass;
}
