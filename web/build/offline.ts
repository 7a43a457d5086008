import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin, Rollup } from 'vite';

const STATION = 'station/Page.svelte';
const WORDS = '\0virtual:words/station/';
const MODULE = /station_bg[^/]*\.wasm$/;
/** Files without a hash in their names, which the station needs too. */
const PLAIN = ['index.html', 'mark.svg', 'station.webmanifest', 'icons/station-192.png', 'icons/station-512.png'];

/** Writes `sw.js`: the service worker of `build/sw.js` with the list of all files that the station needs. */
export function offline(): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const files = [...PLAIN, ...needed(bundle)].sort();
        const version = createHash('sha256').update(JSON.stringify(files));
        for (const name of files) {
          const made = bundle[name];
          version.update(made ? (made.type === 'chunk' ? made.code : made.source) : plain(name));
        }
        const source = readFileSync(new URL('./sw.js', import.meta.url), 'utf8')
          .replace("'VERSION'", JSON.stringify(version.digest('hex').slice(0, 16)))
          .replace("['FILES']", JSON.stringify(files));
        this.emitFile({ type: 'asset', fileName: 'sw.js', source });
      },
    },
  };
}

function plain(name: string): Buffer {
  return readFileSync(fileURLToPath(new URL(name === 'index.html' ? `../${name}` : `../public/${name}`, import.meta.url)));
}

/** The chunks from which the station begins, and all that they load. */
function needed(bundle: Rollup.OutputBundle): Set<string> {
  const files = new Set(Object.keys(bundle).filter((name) => MODULE.test(name)));
  const chunks = Object.values(bundle).filter((made) => made.type === 'chunk');
  const begins = chunks.filter(
    ({ isEntry, facadeModuleId, moduleIds }) =>
      (isEntry && facadeModuleId?.endsWith('index.html')) || facadeModuleId?.endsWith(STATION) || facadeModuleId?.endsWith('module/station.js') ||
      moduleIds.some((id) => id.startsWith(WORDS)),
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
  begins.forEach(add);
  return files;
}
