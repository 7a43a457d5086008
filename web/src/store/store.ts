import type { Files } from '../engine/contract.ts';

export interface Kept {
  id: string;
  name: string;
  version: string;
  files: Files;
}

export interface Listed {
  id: string;
  name: string;
  version: string;
  /** When it was last written, RFC 3339. */
  changed: string | null;
}

/** Files that are written, or taken away where null; others stay. */
export type Changes = Record<string, Uint8Array | null>;

/** Written, or refused because somebody else wrote since: then as it is now. */
export type Put = { version: string } | { theirs: Kept };

/** Where scenarios are kept: this browser, or a server of one's own. */
export interface Store {
  list(): Promise<Listed[]>;
  create(name: string, files: Files): Promise<Kept>;
  get(id: string): Promise<Kept | null>;
  /** Writes only over the version that was read. */
  put(id: string, version: string, name: string, changes: Changes): Promise<Put>;
  remove(id: string): Promise<void>;
}
