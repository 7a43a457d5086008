import type { Files } from '../engine/contract.ts';

export interface Kept {
  id: string;
  name: string;
  version: string;
  files: Files;
  /** For which place it is; absent in a browser. */
  place?: string;
}

export interface Listed {
  id: string;
  name: string;
  version: string;
  /** When it was last written, RFC 3339. */
  changed: string | null;
  /** For which place it is; absent in a browser. */
  place?: string;
}

/** Files that are written, or taken away where null; others stay. */
export type Changes = Record<string, Uint8Array | null>;

/** Written, or refused because somebody else wrote since: then as it is now. */
export type Put = { version: string } | { theirs: Kept };

/** Where scenarios are kept: this browser, or a server of one's own. */
export interface Store {
  list(): Promise<Listed[]>;
  /** For a place where there are several; a browser keeps all for itself. */
  create(name: string, files: Files, place?: string): Promise<Kept>;
  get(id: string): Promise<Kept | null>;
  /** Writes only over the version that was read. */
  put(id: string, version: string, name: string, changes: Changes): Promise<Put>;
  /** Makes it one of another place; a browser knows none. */
  handOn?(one: Listed, place: string): Promise<void>;
  remove(id: string): Promise<void>;
}
