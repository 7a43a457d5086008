import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** What a volunteer's phone says by itself. */
const STATION = ['page.station.', 'page.say.', 'station.', 'thing.'];
/** The catalogue's sentences that pages say themselves; all others come ready from the engine. */
const SAID_BY: Record<string, string[]> = {
  station: STATION,
  mine: ['page.mine'],
  volunteer: ['page.volunteer', 'list.separator', 'page.mine.ask.grown_up', 'page.mine.child', 'page.mine.kind.', 'page.mine.subject.', 'page.mine.until'],
  planner: ['page.', 'station.', 'policy.', 'class.', 'severity.', 'mark.', 'list.', 'evening.why.', 'thing.', 'directive.kind.', 'directive.level.', 'directive.superseded', 'directive.verdict.'],
};
/** What residents read on their own page, and the desk says as well. */
const ALSO_THE_DESKS = ['page.mine.ask.grown_up', 'page.mine.child', 'page.mine.kind.', 'page.mine.meet.', 'page.mine.subject.', 'page.mine.until', 'page.mine.voice.complaint', 'page.mine.voice.praise', 'page.mine.voice.question'];
/** Of these, what others alone say. */
const UNSAID: Record<string, (key: string) => boolean> = {
  planner: (key) => key.startsWith('page.station.') || (key.startsWith('page.mine') && !ALSO_THE_DESKS.some((prefix) => key.startsWith(prefix))),
  volunteer: (key) => key.startsWith('page.volunteers'),
};
const VIRTUAL = 'virtual:words/';

/** `import('virtual:words/station/en')` gives one language of the catalogue, as far as the station says it; `planner` all other pages. */
export function words(): Plugin {
  const file = (language: string) => fileURLToPath(new URL(`../../messages/${language}.json`, import.meta.url));
  return {
    name: 'words',
    resolveId(id) {
      return id.startsWith(VIRTUAL) ? `\0${id}` : null;
    },
    load(id) {
      if (!id.startsWith(`\0${VIRTUAL}`)) return null;
      const [who = '', language = ''] = id.slice(VIRTUAL.length + 1).split('/');
      const path = file(language);
      this.addWatchFile(path);
      const all = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
      const says = (key: string): boolean => SAID_BY[who]?.some((prefix) => key.startsWith(prefix)) ?? false;
      const used = Object.entries(all).filter(([key]) => says(key) && !UNSAID[who]?.(key));
      return `export default ${JSON.stringify(Object.fromEntries(used))}`;
    },
  };
}
