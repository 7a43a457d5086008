import type { components } from '../api/schema.ts';
import { t } from '../words/words.svelte.ts';

export type Schemas = components['schemas'];

/** The server's own words for why it would not. */
export class Refused extends Error {
  constructor(message: string, readonly status: number, readonly code = '', readonly cells?: Record<string, string>) {
    super(message);
  }
}

/** What went wrong, as a sentence. */
export function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Asks the server about accounts and sessions. A cookie that no script can read goes along by itself. */
export async function ask<T>(method: string, path: string, content?: unknown): Promise<T> {
  const answer = await send(method, path, content);
  if (answer.status === 204) return undefined as T;
  const said: unknown = await answer.json().catch(() => null);
  if (answer.ok) return said as T;
  throw refused(said, answer.status);
}

/** Asks the server for what is no JSON. */
export async function bytes(path: string): Promise<Uint8Array> {
  const answer = await send('GET', path, undefined);
  if (!answer.ok) throw refused(await answer.json().catch(() => null), answer.status);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Asks the server for a file, and gives it to whoever asked as a download of this name. */
export async function download(path: string, content: unknown, name: string): Promise<void> {
  const answer = await send(content === undefined ? 'GET' : 'POST', path, content);
  if (!answer.ok) throw refused(await answer.json().catch(() => null), answer.status);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Sends a file as it is. */
export async function sendFile<T>(path: string, file: File): Promise<T> {
  const answer = await reach(`/api/v1/${path}`, { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: file });
  const said: unknown = await answer.json().catch(() => null);
  if (answer.ok) return said as T;
  throw refused(said, answer.status);
}

/** Puts a file where it is kept, as it is. */
export async function put(path: string, file: File): Promise<void> {
  const headers = { 'content-type': 'application/json', 'accept-language': document.documentElement.lang };
  const answer = await reach(`/api/v1/${path}`, { method: 'PUT', headers, body: file });
  if (!answer.ok) throw refused(await answer.json().catch(() => null), answer.status);
}

function send(method: string, path: string, content: unknown): Promise<Response> {
  const body = content === undefined ? {} : { body: JSON.stringify(content) };
  const headers = { 'content-type': 'application/json', 'accept-language': document.documentElement.lang };
  return reach(`/api/v1/${path}`, { method, headers, ...body });
}

/** Of a server that cannot be reached a browser says so in words of its own, and in English. */
export function reach(url: string, init?: RequestInit): Promise<Response> {
  return fetch(url, init).catch(() => {
    throw new Refused(t('page.unreachable'), 0);
  });
}

function refused(said: unknown, status: number): Refused {
  const problem = said as (Partial<Schemas['WordsChanged']> & Partial<Schemas['Refused']>) | null;
  const notes = problem?.notes?.map(({ message, mend }) => `${message} ${mend}`).join(' ');
  return new Refused(notes || (problem?.message ? `${problem.message} ${problem.mend ?? ''}` : `${status}`), status, problem?.code, problem?.cells);
}
