import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** The catalogue's sentences that pages say themselves; all others come ready from the engine. */
const PREFIXES = ['page.', 'station.', 'policy.', 'class.', 'severity.', 'mark.', 'list.', 'evening.why.', 'thing.'];
const VIRTUAL = 'virtual:words/';

/** `import('virtual:words/en')` gives one language of the catalogue, without the keys that no page uses. */
export function words(): Plugin {
  const file = (language: string) => fileURLToPath(new URL(`../../messages/${language}.json`, import.meta.url));
  return {
    name: 'words',
    resolveId(id) {
      return id.startsWith(VIRTUAL) ? `\0${id}` : null;
    },
    load(id) {
      if (!id.startsWith(`\0${VIRTUAL}`)) return null;
      const path = file(id.slice(VIRTUAL.length + 1));
      this.addWatchFile(path);
      const all = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
      const used = Object.entries(all).filter(([key]) => PREFIXES.some((prefix) => key.startsWith(prefix)));
      return `export default ${JSON.stringify(Object.fromEntries(used))}`;
    },
  };
}
