import { words } from '../words/words.svelte.ts';
import type { StationClass } from './contract.ts';

let opened: Promise<StationClass> | undefined;

/** The phone's brain, loaded once. It answers in a few milliseconds, so it needs no worker. */
export function stationModule(): Promise<StationClass> {
  return (opened ??= load());
}

async function load(): Promise<StationClass> {
  const module = await import('../engine/module/station.js');
  await module.default({ module_or_path: new URL('../engine/module/station_bg.wasm', import.meta.url) });
  // The phone's words and its module's are one file.
  await words.first(async (language) => module.teach(language, JSON.stringify(await words.load(language))));
  return module.Station as unknown as StationClass;
}

export function random(bytes: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(bytes));
}
