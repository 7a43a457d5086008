import type { components } from '../api/schema.ts';
import { t, words } from '../words/words.svelte.ts';

export type Schemas = components['schemas'];
/** A volunteer's own words, by the columns of `volunteers.csv`. */
export type Cells = Record<string, string>;

/** Why the server would not, and what to do, in its own words. */
export class Told extends Error {
  constructor(message: string, readonly mend: string, readonly code: string, readonly cells?: Cells) {
    super(message);
  }
}

/** Asks the server. What proves whose page it is goes in the body: nothing of it reaches a log. */
export async function send<T>(community: string, path: string, content: object): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`api/v1/communities/${encodeURIComponent(community)}/volunteers/${path}?lang=${words.language}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(content),
    });
  } catch {
    throw new Told(t('page.volunteer.unreachable'), t('page.volunteer.unreachable.mend'), 'unreachable');
  }
  if (answer.status === 204) return undefined as T;
  // A server that restarts, or has too much to do: as if it had not been reached.
  if (answer.status >= 500) throw new Told(t('page.volunteer.unreachable'), t('page.volunteer.unreachable.mend'), 'unreachable');
  const said: unknown = await answer.json().catch(() => null);
  if (answer.ok) return said as T;
  const { message = String(answer.status), mend = '', code = '', cells } = (said ?? {}) as Partial<Schemas['WordsChanged']>;
  throw new Told(message, mend, code, cells);
}

/** Today where this telephone is: words such as "Monday" are read from it on. */
export function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

/** Where this telephone keeps the link to its owner's page. */
export const KEPT = 'shouhu.volunteer';
