import type { Files } from '../engine/contract.ts';
import { pack, unpack, type Packed } from './base64.ts';
import type { Kept, Listed, Put, Store } from './store.ts';

const SCENARIOS = 'api/v1/scenarios';

interface Sent {
  id: string;
  name: string;
  version: number;
  files: Packed;
}

/** Scenarios kept by `shouhu serve`, in a folder of its user's choosing. */
export class ServerStore implements Store {
  async list(): Promise<Listed[]> {
    return read(await fetch(SCENARIOS));
  }

  async create(name: string, files: Files): Promise<Kept> {
    return received(await read(await fetch(SCENARIOS, body('POST', { name, files: pack(files) }))));
  }

  async get(id: string): Promise<Kept | null> {
    const answer = await fetch(`${SCENARIOS}/${encodeURIComponent(id)}`);
    return answer.status === 404 ? null : received(await read(answer));
  }

  async put(id: string, version: number, name: string, files: Files): Promise<Put> {
    const request = body('PUT', { name, files: pack(files) }, { 'if-match': String(version) });
    const answer = await fetch(`${SCENARIOS}/${encodeURIComponent(id)}`, request);
    if (answer.status === 412) return { theirs: received((await answer.json()) as Sent) };
    return read(answer);
  }

  async remove(id: string): Promise<void> {
    await fetch(`${SCENARIOS}/${encodeURIComponent(id)}`, { method: 'DELETE' });
  }
}

function body(method: string, content: unknown, headers: Record<string, string> = {}): RequestInit {
  return { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(content) };
}

async function read<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return (await answer.json()) as T;
}

function received(sent: Sent): Kept {
  return { ...sent, files: unpack(sent.files) };
}

/** Whether the page came from `shouhu serve`. A host of static files answers otherwise, or with a page. */
export async function served(): Promise<boolean> {
  try {
    const answer = await fetch(SCENARIOS, { headers: { accept: 'application/json' } });
    return answer.ok && (answer.headers.get('content-type') ?? '').startsWith('application/json');
  } catch {
    return false;
  }
}
