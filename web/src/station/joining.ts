import { Kept, type Bundle } from './kept.ts';
import { random, stationModule } from './module.ts';

/** What came of scanning a coordinator's code. */
export type Joined = 'joined' | 'unfinished' | { refused: string } | 'offline';

/** Makes a key, tells the server its public half, and keeps what comes back. */
export async function join(token: string): Promise<Joined> {
  const kept = await Kept.open();
  const shift = await kept.shift();
  if (shift && (await hasUnsent(shift))) return 'unfinished';
  const secret = await kept.secret(token, () => random(32));
  const public_key = (await stationModule()).publicKey(secret);
  let answer: Response;
  try {
    answer = await fetch('/api/v1/join', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-language': document.documentElement.lang },
      body: JSON.stringify({ token, public_key }),
    });
  } catch {
    return 'offline';
  }
  const said = (await answer.json().catch(() => null)) as { bundle?: Bundle; message?: string; mend?: string } | null;
  if (!answer.ok || !said?.bundle) return { refused: [said?.message ?? String(answer.status), said?.mend ?? ''].join(' ') };
  await kept.join(said.bundle, secret);
  return 'joined';
}

async function hasUnsent(shift: { bundle: Bundle; secret: Uint8Array; frames: Uint8Array; acknowledged: string }): Promise<boolean> {
  const kind = await stationModule();
  const station = kind.start(JSON.stringify(shift.bundle), shift.secret, shift.frames, shift.acknowledged, random(32));
  // What cannot be read is not thrown away either.
  const unsent = station === undefined || station.slice() !== undefined;
  station?.free();
  return unsent;
}
