import type { Files, Folder, FolderClass } from './contract.ts';

/** What answers with JSON text. */
export type Method = Exclude<keyof Folder, 'fromExample' | 'put' | 'clear' | 'paths' | 'get'> | 'services' | 'examples' | 'convert' | 'sheets' | CardMethod;
/** What the module of fault cards answers. */
export type CardMethod = 'deal' | 'play' | 'boardWith';
export type StaticMethod = Extract<Method, keyof FolderClass>;

/** A workbook as text, or the notes that say why it cannot be read. */
export interface Converted {
  csv: Uint8Array | undefined;
  /** JSON. */
  notes: string;
}

/** What a page asks of a worker. `files` come along when the worker does not hold these files. */
export interface Request {
  id: number;
  files?: Files;
  example?: string;
  method: Method | null;
  args: unknown[];
  /** Whether the method may write, and the folder's files are wanted back. */
  writes: boolean;
}

export interface Answer {
  id: number;
  value?: unknown;
  files?: Files;
  failed?: string;
}
