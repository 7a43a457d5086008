import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** What a volunteer's phone says by itself, and what its module says. */
const STATION = ['page.station.', 'page.say.', 'station.', 'thing.', 'list.', 'calling.', 'interpreter.', 'refusal.', 'tongue.', 'language.'];
/** The catalogue's sentences that pages say themselves; the engine says the others. */
const SAID_BY: Record<string, string[]> = {
  station: STATION,
  mine: ['page.mine', 'language.'],
  volunteer: ['page.volunteer', 'list.separator', 'language.', 'page.mine.ask.grown_up', 'page.mine.child', 'page.mine.kind.', 'page.mine.subject.', 'page.mine.until'],
  gate: [
    'page.gate', 'page.less', 'page.more', 'page.supplies.by', 'page.supplies.code', 'page.supplies.count', 'page.supplies.do.re', 'page.supplies.else', 'page.supplies.fewer', 'page.supplies.from_whom',
    'page.supplies.good', 'page.supplies.missing', 'page.supplies.more', 'page.supplies.not', 'page.supplies.outside', 'page.supplies.over_count', 'page.supplies.reason', 'page.supplies.received',
    'page.supplies.unit', 'page.volunteer.theme', 'language.',
  ],
  planner: ['page.', 'station.', 'policy.', 'class.', 'severity.', 'mark.', 'list.', 'evening.why.', 'thing.', 'directive.kind.', 'directive.level.', 'directive.superseded', 'directive.verdict.', 'language.'],
};
/** What residents read on their own page, and the desk says as well. */
const ALSO_THE_DESKS = ['page.mine.ask.grown_up', 'page.mine.child', 'page.mine.kind.', 'page.mine.meet.', 'page.mine.subject.', 'page.mine.until', 'page.mine.voice.complaint', 'page.mine.voice.praise', 'page.mine.voice.question'];
/** Of these, what others alone say. */
const UNSAID: Record<string, (key: string) => boolean> = {
  planner: (key) => key.startsWith('page.gate') || (key.startsWith('page.station.') && key !== 'page.station.lane' && !key.startsWith('page.station.guest.')) || (key.startsWith('page.mine') && !ALSO_THE_DESKS.some((prefix) => key.startsWith(prefix))),
  volunteer: (key) => key.startsWith('page.volunteers'),
};
/** What the engine's modules do not say: the pages' own words, and what the terminal and the server alone say. */
const NOT_THE_ENGINES = [
  'page', 'ahead', 'aided', 'calling', 'channel', 'channel_mend', 'custody', 'decide', 'drilling', 'error', 'evening', 'exchange', 'figure', 'init', 'keep', 'kept', 'level', 'method',
  'notice', 'now', 'own', 'paper', 'party', 'plan', 'pool', 'problem', 'problem_mend', 'refusal', 'report', 'results', 'results_mend', 'results_place', 'rostered', 'rule', 'serve',
  'serve_channels', 'status', 'stress_des', 'supplies', 'table', 'target', 'team', 'usage', 'volunteers',
];
/** What is said of a city, of a day of crews, of a method, of the evenings' log, or of figures for others is not said in pages either: `note.city_no_sites`. */
const OF_CITIES = /^[^.]+\.(aid|city|crews|decision|dhis2|dilution|method|pooled|series|target|team)_/;
const MESSAGES = new URL('../../messages/', import.meta.url);
const VIRTUAL = 'virtual:words';

/** The languages: one for each file of the catalogue. */
export const TAGS: string[] = readdirSync(MESSAGES).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5)).sort();

const file = (language: string): string => fileURLToPath(new URL(`${language}.json`, MESSAGES));

function catalogue(language: string): Record<string, string> {
  return JSON.parse(readFileSync(file(language), 'utf8')) as Record<string, string>;
}

function says(who: string, key: string): boolean {
  if (who === 'engine') return !NOT_THE_ENGINES.includes(key.split('.')[0] ?? '') && !OF_CITIES.test(key);
  return (SAID_BY[who] ?? []).some((prefix) => key.startsWith(prefix)) && !UNSAID[who]?.(key);
}

/** One language of the catalogue, as far as somebody says it. */
export function saidBy(who: string, language: string): Record<string, string> {
  return Object.fromEntries(Object.entries(catalogue(language)).filter(([key]) => says(who, key)));
}

/** Loaders of one catalogue in each language, as source. */
function loaders(who: string): string {
  return `{${TAGS.map((tag) => `${JSON.stringify(tag)}: () => import('${VIRTUAL}/${who}/${tag}')`).join(', ')}}`;
}

/** What a chunk is called: words say whose they are, `words.station.en`. */
export function fileOf({ facadeModuleId }: { facadeModuleId?: string | null }): string {
  const [virtual, who, language] = facadeModuleId?.split('/') ?? [];
  return virtual === `\0${VIRTUAL}` && language ? `assets/words.${who}.${language}.[hash].js` : 'assets/[name]-[hash].js';
}

/**
 * `virtual:words` has the languages and loads their catalogues, `virtual:words/engine` those of the engine's modules;
 * `virtual:words/station/en` is one language of the catalogue, as far as the station says it; `planner` all other pages.
 */
export function words(): Plugin {
  return {
    name: 'words',
    resolveId(id) {
      return id === VIRTUAL || id.startsWith(`${VIRTUAL}/`) ? `\0${id}` : null;
    },
    load(id) {
      if (!id.startsWith(`\0${VIRTUAL}`)) return null;
      const [, who, language] = id.split('/');
      if (who === undefined) {
        const languages = TAGS.map((tag) => [tag, catalogue(tag)['language.name'] ?? tag, catalogue(tag)['language.html'] ?? tag]);
        const each = Object.keys(SAID_BY).map((speaker) => `${speaker}: ${loaders(speaker)}`);
        return `export const LANGUAGES = ${JSON.stringify(languages)};\nexport const CATALOGUES = {${each.join(', ')}};`;
      }
      if (language === undefined) return `export default ${loaders(who)}`;
      this.addWatchFile(file(language));
      return `export default ${JSON.stringify(saidBy(who, language))}`;
    },
  };
}
