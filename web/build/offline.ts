import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin, Rollup } from 'vite';

/** What goes on without a network. */
interface Kept {
  kind: string;
  /** Its service worker. */
  file: string;
  /** Addresses at which it opens. */
  pages: string[];
  /** Files without a hash in their names, which it needs too. */
  plain: string[];
  /** Modules from which it begins. */
  begins: string[];
  module?: RegExp;
}

/** Each has a service worker of its own, so that whoever stands at a gate does not load the station, nor the other way round. */
const ALL: Kept[] = [
  {
    kind: 'station', file: 'sw.js', pages: ['join', 'station'], begins: ['station/Page.svelte', 'module/station.js'], module: /station_bg[^/]*\.wasm$/,
    plain: ['index.html', 'mark.svg', 'station.webmanifest', 'icons/station-192.png', 'icons/station-512.png'],
  },
  { kind: 'gate', file: 'gate-sw.js', pages: ['gate'], begins: ['gate/Page.svelte'], plain: ['index.html', 'mark.svg'] },
];

/** Writes the service workers of `build/sw.js`, each with the list of all files that are needed there. */
export function offline(): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const kept of ALL) this.emitFile({ type: 'asset', fileName: kept.file, source: worker(kept, bundle) });
      },
    },
  };
}

function worker(kept: Kept, bundle: Rollup.OutputBundle): string {
  const files = [...kept.plain, ...needed(kept, bundle)].sort();
  const version = createHash('sha256').update(JSON.stringify(files));
  for (const name of files) {
    const made = bundle[name];
    version.update(made ? (made.type === 'chunk' ? made.code : made.source) : plain(name));
  }
  return readFileSync(new URL('./sw.js', import.meta.url), 'utf8')
    .replace('KIND-', `${kept.kind}-`)
    .replace("'VERSION'", JSON.stringify(version.digest('hex').slice(0, 16)))
    .replace("['FILES']", JSON.stringify(files))
    .replace("['PAGES']", JSON.stringify(kept.pages));
}

function plain(name: string): Buffer {
  return readFileSync(fileURLToPath(new URL(name === 'index.html' ? `../${name}` : `../public/${name}`, import.meta.url)));
}

/** The chunks from which it begins, and all that they load. */
function needed({ kind, begins, module }: Kept, bundle: Rollup.OutputBundle): Set<string> {
  const files = new Set(Object.keys(bundle).filter((name) => module?.test(name)));
  const chunks = Object.values(bundle).filter((made) => made.type === 'chunk');
  const first = chunks.filter(
    ({ isEntry, facadeModuleId, moduleIds }) =>
      (isEntry && facadeModuleId?.endsWith('index.html')) || begins.some((end) => facadeModuleId?.endsWith(end)) ||
      moduleIds.some((id) => id.startsWith(`\0virtual:words/${kind}/`)),
  );
  const add = (chunk: Rollup.OutputChunk): void => {
    if (files.has(chunk.fileName)) return;
    files.add(chunk.fileName);
    chunk.viteMetadata?.importedCss.forEach((name) => files.add(name));
    for (const name of chunk.imports) {
      const next = bundle[name];
      if (next?.type === 'chunk') add(next);
    }
  };
  first.forEach(add);
  return files;
}
