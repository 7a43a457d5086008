/** A worker that holds one scenario folder, so that a page stays smooth while it computes. */

import type { Files, Folder, FolderClass } from './contract.ts';
import type { Answer, Request, StaticMethod } from './wire.ts';
import { offsetMin } from './zones.ts';

const opened = open();

async function open(): Promise<{ kind: FolderClass; folder: Folder }> {
  const module = await import('./module/browser.js');
  await module.default();
  const kind = module.Folder as unknown as FolderClass;
  return { kind, folder: new kind(offsetMin) };
}

function fill(folder: Folder, files: Files): void {
  folder.clear();
  for (const [path, content] of Object.entries(files)) folder.put(path, content);
}

function filesOf(folder: Folder): Files {
  return Object.fromEntries(folder.paths().map((path) => [path, folder.get(path) ?? new Uint8Array()]));
}

async function answer({ id, files, example, method, args, writes }: Request): Promise<Answer> {
  const { kind, folder } = await opened;
  if (example !== undefined) folder.fromExample(example);
  else if (files) fill(folder, files);
  const told: Answer = { id };
  if (method !== null) {
    const on = (method in kind ? kind[method as StaticMethod].bind(kind) : folder[method as keyof Folder].bind(folder)) as (
      ...args: unknown[]
    ) => unknown;
    told.value = on(...args);
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
