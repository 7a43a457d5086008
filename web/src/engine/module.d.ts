/** The modules are built by `make web` and are not in the repository; this is their shape where they have not been built. */
declare module '*/module/browser.js' {
  export default function init(from: { module_or_path: URL }): Promise<unknown>;
  export function teach(language: string, catalogue: string): void;
  export const Folder: import('./contract.ts').FolderClass;
}

/** The module that writes papers to hand out, loaded when somebody takes them. */
declare module '*/module/tonight.js' {
  export default function init(from: { module_or_path: URL }): Promise<unknown>;
  export function teach(language: string, catalogue: string): void;
  export class Tonight {
    constructor(offset_min: (zone: string, ms: number) => number);
    put(path: string, content: Uint8Array): void;
    sheets(plan: string, language: string): string;
  }
}

/** The module of fault cards, loaded when somebody looks at them. */
declare module '*/module/cards.js' {
  export default function init(from: { module_or_path: URL }): Promise<unknown>;
  export function teach(language: string, catalogue: string): void;
  export class Cards {
    constructor(offset_min: (zone: string, ms: number) => number);
    put(path: string, content: Uint8Array): void;
    deal(options: string, language: string): string;
    play(options: string, faults: string, language: string): string;
    board(options: string, faults: string, language: string): Uint8Array;
    free(): void;
  }
}

/** The module that reads workbooks and old encodings, loaded when such a file is dropped. */
declare module '*/module/sheets.js' {
  export default function init(from: { module_or_path: URL }): Promise<unknown>;
  export function teach(language: string, catalogue: string): void;
  export class Converted {
    constructor(name: string, bytes: Uint8Array);
    csv(): Uint8Array | undefined;
    notes(language: string): string;
  }
}
