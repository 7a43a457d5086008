import type { components } from '../api/schema.ts';

export type Schemas = components['schemas'];

/** The server's own words for why it would not. */
export class Refused extends Error {}

/** Asks the server about accounts and sessions. A cookie that no script can read goes along by itself. */
export async function ask<T>(method: string, path: string, content?: unknown): Promise<T> {
  const body = content === undefined ? {} : { body: JSON.stringify(content) };
  const lang = document.documentElement.lang;
  const headers = { 'content-type': 'application/json', 'accept-language': lang };
  const answer = await fetch(`/api/v1/${path}`, { method, headers, ...body });
  if (answer.status === 204) return undefined as T;
  const said: unknown = await answer.json().catch(() => null);
  if (answer.ok) return said as T;
  const problem = said as Partial<Schemas['Problem']> | null;
  throw new Refused(problem?.message ? `${problem.message} ${problem.mend ?? ''}` : `${answer.status}`);
}
