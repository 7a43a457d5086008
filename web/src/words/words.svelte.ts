import { CATALOGUES, LANGUAGES } from 'virtual:words';
import type english from '../../../messages/en.json';
import type { Language } from '../engine/contract.ts';

/** A sentence of the catalogue. */
export type Key = keyof typeof english;
export type Gaps = Record<string, string | number>;

const KEPT = 'shouhu.language';
/** Where Chinese is written with traditional signs. */
const TRADITIONAL = /^zh-(tw|hk|mo)\b/;
/** Who speaks: a volunteer's phone loads its own sentences alone. */
export type Speaker = keyof typeof CATALOGUES;
type Catalogue = Record<string, string>;

/** The language of the page: from its address, else as chosen before, else as the browser asks. */
class Words {
  language = $state<Language>('en');
  #turn = 0;
  #speaker: Speaker = 'planner';
  #catalogue = $state.raw<Catalogue>({});
  #first: ((language: Language) => Promise<void>)[] = [];

  async open(speaker: Speaker): Promise<void> {
    this.#speaker = speaker;
    await this.speak(asked());
  }

  /** What must know a language before the page speaks it: modules on the page's own thread. */
  async first(teach: (language: Language) => Promise<void>): Promise<void> {
    this.#first.push(teach);
    await teach(this.language);
  }

  async load(language: Language): Promise<Catalogue> {
    return (await CATALOGUES[this.#speaker][language]?.())?.default ?? {};
  }

  async speak(language: Language): Promise<void> {
    const turn = ++this.#turn;
    const [catalogue] = await Promise.all([this.load(language), ...this.#first.map((teach) => teach(language))]);
    // Another was chosen meanwhile.
    if (turn !== this.#turn) return;
    this.#catalogue = catalogue;
    this.language = language;
    document.documentElement.lang = LANGUAGES.find(([tag]) => tag === language)?.[2] ?? language;
  }

  /** Another language, chosen by a person: it stays, here and in the address. */
  async choose(language: Language): Promise<void> {
    localStorage.setItem(KEPT, language);
    const address = new URL(location.href);
    address.searchParams.set('lang', language);
    history.replaceState(null, '', address);
    await this.speak(language);
  }

  say(key: string, gaps: Gaps = {}): string {
    const sentence = this.#catalogue[key];
    if (sentence === undefined) return key;
    return sentence.replace(/\{(\w+)\}/g, (gap, name: string) => String(gaps[name] ?? gap));
  }

  has(key: string): boolean {
    return key in this.#catalogue;
  }

  /** By whose customs days and times are written. */
  get locale(): string {
    return this.language === 'en' ? 'en-GB' : this.language;
  }
}

function asked(): Language {
  const wanted = [new URL(location.href).searchParams.get('lang'), localStorage.getItem(KEPT), ...navigator.languages];
  for (const one of wanted) {
    const found = one && spoken(one);
    if (found) return found;
  }
  return 'en';
}

/** `zh-HK` is `zh-Hant`, `es-MX` is `es`. */
function spoken(wanted: string): Language | undefined {
  const parts = wanted.toLowerCase().replace(TRADITIONAL, 'zh-hant').split('-');
  for (; parts.length; parts.pop()) {
    const found = LANGUAGES.find(([tag]) => tag.toLowerCase() === parts.join('-'));
    if (found) return found[0];
  }
  return undefined;
}

export const words = new Words();

/** A sentence in the page's language, its gaps filled. */
export function t(key: Key, gaps?: Gaps): string {
  return words.say(key, gaps);
}

/** The word for a station: one of the catalogue's, or as the scenario calls it. */
export function stationWord(name: string): string {
  return words.has(`station.${name}`) ? words.say(`station.${name}`) : name;
}
