/** A worker that holds one scenario folder, so that a page stays smooth while it computes. */

import type { Files, Folder, FolderClass } from './contract.ts';
import { teach, type Taught } from './teach.ts';
import type { Answer, CardMethod, Converted, Method, Request, StaticMethod } from './wire.ts';
import { offsetMin } from './zones.ts';

/** Loaded at once, so that the first question finds it there. */
const opened = open();

async function open(): Promise<{ kind: FolderClass; folder: Folder; module: Taught }> {
  const module = await import('./module/browser.js');
  await module.default({ module_or_path: new URL('./module/browser_bg.wasm', import.meta.url) });
  const kind = module.Folder as unknown as FolderClass;
  return { kind, folder: new kind(offsetMin), module };
}

function fill(folder: Folder, files: Files): void {
  folder.clear();
  for (const [path, content] of Object.entries(files)) folder.put(path, content);
}

function filesOf(folder: Folder): Files {
  return Object.fromEntries(folder.paths().map((path) => [path, folder.get(path) ?? new Uint8Array()]));
}

async function convert(name: string, bytes: Uint8Array, language: string): Promise<Converted> {
  const module = await import('./module/sheets.js');
  await module.default({ module_or_path: new URL('./module/sheets_bg.wasm', import.meta.url) });
  await teach(module, language);
  const converted = new module.Converted(name, bytes);
  return { csv: converted.csv(), notes: converted.notes(language) };
}

async function sheets(folder: Folder, [plan, language]: unknown[]): Promise<string> {
  const module = await import('./module/tonight.js');
  await module.default({ module_or_path: new URL('./module/tonight_bg.wasm', import.meta.url) });
  await teach(module, language as string);
  const tonight = new module.Tonight(offsetMin);
  for (const [path, content] of Object.entries(filesOf(folder))) tonight.put(path, content);
  return tonight.sheets(plan as string, language as string);
}

const CARDS: CardMethod[] = ['deal', 'play', 'boardWith'];

async function cards(folder: Folder, method: CardMethod, args: unknown[]): Promise<unknown> {
  const module = await import('./module/cards.js');
  await module.default({ module_or_path: new URL('./module/cards_bg.wasm', import.meta.url) });
  await teach(module, args.at(-1) as string);
  const cards = new module.Cards(offsetMin);
  for (const [path, content] of Object.entries(filesOf(folder))) cards.put(path, content);
  const [options, ...rest] = args as string[];
  try {
    if (method === 'deal') return cards.deal(options as string, rest[0] as string);
    const [faults, language] = rest as [string, string];
    return method === 'play' ? cards.play(options as string, faults, language) : cards.board(options as string, faults, language);
  } finally {
    cards.free();
  }
}

/** What answers to a method: the class, or the folder. */
function asked(kind: FolderClass, folder: Folder, method: Exclude<Method, 'convert' | 'sheets' | CardMethod>): (...args: unknown[]) => unknown {
  const on: object = method in kind ? kind : folder;
  const found = method in kind ? kind[method as StaticMethod] : folder[method as keyof Folder];
  return (...args) => (found as (...args: unknown[]) => unknown).apply(on, args);
}

async function answer({ id, files, example, method, args, writes }: Request): Promise<Answer> {
  if (method === 'convert') return { id, value: await convert(...(args as Parameters<typeof convert>)) };
  const { kind, folder, module } = await opened;
  if (example !== undefined) folder.fromExample(example);
  else if (files) fill(folder, files);
  const told: Answer = { id };
  if (method === 'sheets') told.value = await sheets(folder, args);
  else if (CARDS.includes(method as CardMethod)) told.value = await cards(folder, method as CardMethod, args);
  else if (method !== null) {
    // What speaks is told its language last.
    const language = args.at(-1);
    if (typeof language === 'string') await teach(module, language);
    told.value = asked(kind, folder, method as Exclude<typeof method, CardMethod>)(...args);
  }
  if (writes) told.files = filesOf(folder);
  return told;
}

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  try {
    self.postMessage(await answer(data));
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    self.postMessage({ id: data.id, failed } satisfies Answer);
  }
};
