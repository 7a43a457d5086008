import { send, Told, type Schemas } from './asking.ts';

/** Something that was done while no server could be reached, and when. */
interface Later {
  id: string;
  of: string;
  act: Schemas['Act'];
  /** Seconds since 1970. */
  made: number;
}

const KEY = 'shouhu.volunteer.later';
/** What is a fact whenever it is told; a swap is asked for while others can see it. */
const FACTS: readonly string[] = ['brief', 'card', 'came', 'left', 'errand'];

function kept(): Later[] {
  return JSON.parse(localStorage.getItem(KEY) ?? '[]') as Later[];
}

/** Keeps it until there is a network; whether it is such a thing. */
export function doLater(community: string, volunteer: string, act: Schemas['Act'], made: number): boolean {
  if (!FACTS.includes(act.type)) return false;
  localStorage.setItem(KEY, JSON.stringify([...kept(), { id: `${made}-${Math.random()}`, of: `${community}/${volunteer}`, act, made }]));
  return true;
}

/** Tells what was kept, in its order. What the server refuses is not told again; the first refusal comes back. */
export async function sendLater(community: string, volunteer: string, token: string): Promise<Told | null> {
  const of = `${community}/${volunteer}`;
  let refused: Told | null = null;
  for (const one of kept().filter((later) => later.of === of)) {
    try {
      await send(community, 'own/act', { volunteer, token, act: one.act, made: one.made });
    } catch (error) {
      if (!(error instanceof Told) || error.code === 'unreachable' || error.code === 'too_many') throw error;
      refused ??= error;
    }
    localStorage.setItem(KEY, JSON.stringify(kept().filter((later) => later.id !== one.id)));
  }
  return refused;
}
