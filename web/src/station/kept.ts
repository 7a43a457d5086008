/** What a phone keeps of its shift (IndexedDB). A step is there when its write is on the disk, and not before. */

import { canSeal, newKey, seal, unseal, type Sealed } from './cipher.ts';
import type { Role, Table } from './contract.ts';

/** What the server hands out; only the roll is looked at here. */
export type Bundle = { doors: unknown[] } & Record<string, unknown>;

export interface Seat {
  role: Role;
  table: Table | null;
}

export interface Opened {
  bundle: Bundle;
  secret: Uint8Array<ArrayBuffer>;
  frames: Uint8Array<ArrayBuffer>;
  /** JSON of a head; empty: none. */
  acknowledged: string;
  told: string;
  position: number;
  seat: Seat | null;
  ending: boolean;
  /** `gone`: this phone holds no names any more. `memory`: they are gone when the page is closed. */
  roll: 'kept' | 'memory' | 'gone';
}

interface Shift {
  bundle: Bundle;
  secret: Uint8Array<ArrayBuffer>;
  roll: Sealed | null;
}

const STORES = ['things', 'frames', 'told'];

/** Without a key to seal it with, the roll lies here and nowhere else. */
let unsealed: unknown[] | null = null;

export class Kept {
  #base: IDBDatabase;

  private constructor(base: IDBDatabase) {
    this.#base = base;
  }

  static async open(): Promise<Kept> {
    const request = indexedDB.open('shouhu-station', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('things');
      request.result.createObjectStore('frames');
      request.result.createObjectStore('told', { autoIncrement: true });
    };
    const kept = new Kept(await asked(request));
    // Without this a browser that runs out of space may throw everything away.
    void navigator.storage?.persist?.().catch(() => false);
    return kept;
  }

  /** The secret of a token: the same again if the first answer was lost on its way. */
  async secret(token: string, fresh: () => Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const before = await this.#thing<{ token: string; secret: Uint8Array<ArrayBuffer> }>('joining');
    if (before?.token === token) return before.secret;
    const secret = fresh();
    await this.#write((store) => store('things').put({ token, secret }, 'joining'));
    return secret;
  }

  /** A new shift in the place of everything that was there. */
  async join(bundle: Bundle, secret: Uint8Array<ArrayBuffer>): Promise<void> {
    const key = canSeal() ? await newKey() : null;
    const roll = key && (await seal(key, bundle.doors));
    unsealed = key ? null : bundle.doors;
    const shift: Shift = { bundle: { ...bundle, doors: [] }, secret, roll };
    await this.#write((store) => {
      STORES.forEach((name) => store(name).clear());
      store('things').put(shift, 'shift');
      if (key) store('things').put(key, 'key');
    });
  }

  async shift(): Promise<Opened | null> {
    const shift = await this.#thing<Shift>('shift');
    if (!shift) return null;
    const key = await this.#thing<CryptoKey>('key');
    const doors = shift.roll && key ? await unseal<unknown[]>(key, shift.roll) : unsealed;
    const pieces = await this.#all<Uint8Array>('frames');
    return {
      bundle: { ...shift.bundle, doors: doors ?? [] },
      secret: shift.secret,
      frames: joined(pieces),
      acknowledged: (await this.#thing<string>('acknowledged')) ?? '',
      told: (await this.#all<string>('told')).join(''),
      position: (await this.#thing<number>('position')) ?? 0,
      seat: (await this.#thing<Seat>('seat')) ?? null,
      ending: (await this.#thing<boolean>('ending')) ?? false,
      roll: !doors ? 'gone' : key ? 'kept' : 'memory',
    };
  }

  /** One step, all or nothing. It fails where another tab has written the same number. */
  append(first: number, frames: Uint8Array): Promise<void> {
    return this.#write((store) => store('frames').add(frames, first));
  }

  acknowledged(head: string): Promise<void> {
    return this.#write((store) => store('things').put(head, 'acknowledged'));
  }

  heard(lines: string, position: number): Promise<void> {
    return this.#write((store) => {
      if (lines) store('told').add(lines);
      store('things').put(position, 'position');
    });
  }

  seat(seat: Seat): Promise<void> {
    return this.#write((store) => store('things').put(seat, 'seat'));
  }

  ending(): Promise<void> {
    return this.#write((store) => store('things').put(true, 'ending'));
  }

  /** The names are gone; what was written down, and holds none, stays until it is sent. */
  async forgetRoll(): Promise<void> {
    unsealed = null;
    const shift = await this.#thing<Shift>('shift');
    await this.#write((store) => {
      store('things').delete('key');
      if (shift) store('things').put({ ...shift, roll: null }, 'shift');
    });
  }

  /** Everything is gone. */
  wipe(): Promise<void> {
    unsealed = null;
    return this.#write((store) => STORES.forEach((name) => store(name).clear()));
  }

  #thing<T>(key: string): Promise<T | undefined> {
    return asked(this.#base.transaction('things').objectStore('things').get(key) as IDBRequest<T | undefined>);
  }

  #all<T>(name: string): Promise<T[]> {
    return asked(this.#base.transaction(name).objectStore(name).getAll() as IDBRequest<T[]>);
  }

  /** `strict`: the browser says "done" when the disk has it, not when the system means to write it. */
  #write(write: (store: (name: string) => IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const all = this.#base.transaction(STORES, 'readwrite', { durability: 'strict' });
      all.oncomplete = () => resolve();
      all.onabort = () => reject(all.error ?? new Error('the write was given up'));
      try {
        write((name) => all.objectStore(name));
      } catch (error) {
        all.abort();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the storage does not answer'));
  });
}

function joined(pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  pieces.reduce((at, piece) => {
    whole.set(piece, at);
    return at + piece.length;
  }, 0);
  return whole;
}
