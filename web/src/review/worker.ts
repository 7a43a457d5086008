/** A worker that looks back on rounds, so that the page stays smooth. It loads its module when it starts. */

import type { Files } from '../engine/contract.ts';
import { teach, type Taught } from '../engine/teach.ts';
import { offsetMin } from '../engine/zones.ts';
import type { Hindsight } from './contract.ts';
import type { Answered, Asked } from './wire.ts';

const opened = open();

async function open(): Promise<{ hindsight: Hindsight; module: Taught }> {
  const module = await import('../engine/module/review.js');
  await module.default({ module_or_path: new URL('../engine/module/review_bg.wasm', import.meta.url) });
  return { hindsight: new module.Hindsight(offsetMin), module };
}

/** What writes documents is loaded when the first is asked for. */
async function docx(document: string | undefined): Promise<Uint8Array | undefined> {
  if (document === undefined) return undefined;
  const module = await import('../engine/module/paper.js');
  await module.default({ module_or_path: new URL('../engine/module/paper_bg.wasm', import.meta.url) });
  return module.docx(document);
}

function fill(hindsight: Hindsight, files: Files): void {
  hindsight.clear();
  for (const [path, content] of Object.entries(files)) hindsight.put(path, content);
}

async function answer(asked: Asked): Promise<Answered> {
  const { hindsight, module } = await opened;
  await teach(module, asked.language);
  switch (asked.method) {
    case 'review':
      fill(hindsight, asked.files);
      for (const [name, content] of Object.entries(asked.events)) hindsight.take(name, content);
      return { text: hindsight.review(asked.options, asked.language) };
    case 'slowDay':
      fill(hindsight, asked.files);
      return { text: hindsight.slowDay(asked.station) };
    case 'missed':
      return { bytes: hindsight.missed(asked.language) };
    case 'docx':
      return { bytes: await docx(hindsight.document(asked.language)) };
  }
}

self.onmessage = async ({ data }: MessageEvent<Asked>) => {
  try {
    self.postMessage(await answer(data));
  } catch (error) {
    self.postMessage({ failed: error instanceof Error ? error.message : String(error) } satisfies Answered);
  }
};
