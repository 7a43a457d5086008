import type { Files } from '../engine/contract.ts';
import { changed } from './merge.ts';
import type { Changes, Kept, Listed, Put, Store } from './store.ts';

const SCENARIOS = 'scenarios';

interface Row extends Kept {
  changed: string;
}

/** Scenarios kept in this browser (IndexedDB). */
export class LocalStore implements Store {
  #base: Promise<IDBDatabase> = open();

  async list(): Promise<Listed[]> {
    const rows = await this.#do('readonly', (table) => table.getAll() as IDBRequest<Row[]>);
    return rows
      .map(({ id, name, version, changed }) => ({ id, name, version, changed }))
      .sort((a, b) => b.changed.localeCompare(a.changed));
  }

  async create(name: string, files: Files): Promise<Kept> {
    const kept: Kept = { id: crypto.randomUUID(), name, version: '1', files };
    await this.#do('readwrite', (table) => table.put({ ...kept, changed: now() }));
    return kept;
  }

  async get(id: string): Promise<Kept | null> {
    const row = await this.#do('readonly', (table) => table.get(id) as IDBRequest<Row | undefined>);
    return row ? { id: row.id, name: row.name, version: row.version, files: row.files } : null;
  }

  /** Reads and writes in one transaction: two tabs cannot both believe that they were first. */
  async put(id: string, version: string, name: string, changes: Changes): Promise<Put> {
    const table = (await this.#base).transaction(SCENARIOS, 'readwrite').objectStore(SCENARIOS);
    const theirs = await done(table.get(id) as IDBRequest<Row | undefined>);
    if (theirs && theirs.version !== version) return { theirs };
    const next = String(Number(version) + 1);
    await done(table.put({ id, name, version: next, files: changed(theirs?.files ?? {}, changes), changed: now() }));
    return { version: next };
  }

  async remove(id: string): Promise<void> {
    await this.#do('readwrite', (table) => table.delete(id));
  }

  async #do<T>(mode: IDBTransactionMode, ask: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return done(ask((await this.#base).transaction(SCENARIOS, mode).objectStore(SCENARIOS)));
  }
}

function now(): string {
  return new Date().toISOString();
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('shouhu', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(SCENARIOS, { keyPath: 'id' });
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser kept nothing'));
  });
}
