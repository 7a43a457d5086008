import type { Files } from '../engine/contract.ts';

export interface Kept {
  id: string;
  name: string;
  version: number;
  files: Files;
}

export interface Listed {
  id: string;
  name: string;
  version: number;
  /** When it was last written, RFC 3339. */
  changed: string | null;
}

/** Written, or refused because somebody else wrote since: then as it is now. */
export type Put = { version: number } | { theirs: Kept };

/** Where scenarios are kept: this browser, or a server of one's own. */
export interface Store {
  list(): Promise<Listed[]>;
  create(name: string, files: Files): Promise<Kept>;
  get(id: string): Promise<Kept | null>;
  /** Writes only over the version that was read. */
  put(id: string, version: number, name: string, files: Files): Promise<Put>;
  remove(id: string): Promise<void>;
}
