import { reach } from '../access/access.ts';
import type { components } from '../api/schema.ts';
import type { Files } from '../engine/contract.ts';
import { encode, pack, unpack } from './base64.ts';
import type { Changes, Kept, Listed, Put, Store } from './store.ts';

type Schemas = components['schemas'];

const SCENARIOS = 'api/v1/scenarios';

/** The server would not, and says why in the person's language. */
class Declined extends Error {}

/** Scenarios kept by `shouhu serve`, in a folder of its user's choosing. The types are those of its own description. */
export class ServerStore implements Store {
  async list(): Promise<Listed[]> {
    const answer = await reach(SCENARIOS);
    // Whoever is not signed in sees where to. Asked here alone: a page with unsaved work is left by nobody but its user.
    if (answer.status === 401) {
      location.replace(`/login${location.search}`);
      return [];
    }
    const all = await read<Schemas['Listed'][]>(answer);
    return all.map((one) => ({ ...one, changed: one.changed ?? null }));
  }

  async create(name: string, files: Files, place?: string): Promise<Kept> {
    const asked: Schemas['New'] = { name, files: pack(files), ...(place && { place }) };
    const { id, name: called, version, place: of } = await read<Schemas['Made']>(await reach(SCENARIOS, sent('POST', asked)));
    return { id, name: called, version, files, place: of };
  }

  async get(id: string): Promise<Kept | null> {
    const answer = await reach(at(id));
    return answer.status === 404 ? null : received(await read(answer));
  }

  async put(id: string, version: string, name: string, changes: Changes): Promise<Put> {
    const files = Object.fromEntries(Object.entries(changes).map(([path, bytes]) => [path, bytes && encode(bytes)]));
    const asked: Schemas['Change'] = { name, files };
    const answer = await reach(at(id), sent('PUT', asked, { 'if-match': version }));
    if (answer.status === 412) return { theirs: received((await answer.json()) as Schemas['Packed']) };
    return { version: (await read<Schemas['Changed']>(answer)).version };
  }

  async handOn({ id, version }: Listed, place: string): Promise<void> {
    const asked: Schemas['Change'] = { place };
    await read(await reach(at(id), sent('PUT', asked, { 'if-match': version })));
  }

  async remove(id: string): Promise<void> {
    const answer = await reach(at(id), { method: 'DELETE', headers: JSON_TYPE });
    if (!answer.ok && answer.status !== 404) await read(answer);
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };

function at(id: string): string {
  return `${SCENARIOS}/${encodeURIComponent(id)}`;
}

function sent(method: string, content: unknown, headers: Record<string, string> = {}): RequestInit {
  return { method, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(content) };
}

async function read<T>(answer: Response): Promise<T> {
  if (answer.ok) return (await answer.json()) as T;
  const said = (await answer.json().catch(() => null)) as Partial<Schemas['Problem']> | null;
  throw new Declined(said?.message ? `${said.message} ${said.mend ?? ''}` : `${answer.status} ${answer.statusText}`);
}

function received({ id, name, version, files, place }: Schemas['Packed']): Kept {
  return { id, name, version, files: unpack(files), place };
}

/** Whether the page came from `shouhu serve`: `make demo` writes another word into it. Nobody is asked. */
export function served(): boolean {
  return import.meta.env.PROD && document.querySelector<HTMLMetaElement>('meta[name="shouhu-store"]')?.content === 'server';
}
