import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './programs.ts';

export type Language = 'en' | 'es' | 'zh' | 'zh-Hant';

export function catalogue(language: Language): Record<string, string> {
  return JSON.parse(readFileSync(join(ROOT, `messages/${language}.json`), 'utf8')) as Record<string, string>;
}

const all = { en: catalogue('en'), es: catalogue('es'), zh: catalogue('zh'), 'zh-Hant': catalogue('zh-Hant') };

/** A sentence as the page says it. */
export function say(key: string, gaps: Record<string, string | number> = {}, language: Language = 'en'): string {
  const sentence = all[language][key];
  if (sentence === undefined) throw new Error(`no such sentence: ${key}`);
  return sentence.replace(/\{(\w+)\}/g, (gap, name: string) => String(gaps[name] ?? gap));
}

/** What stands on a page where a sentence is missing. */
export const UNSAID = /\b(page|note|mend|finding|exchange|refusal|live|sheet|review)\.[a-z_]+\b(?!\.(csv|html|json|md|toml|xlsx))/;

/** What a sentence looks like with anything in its gaps. */
export function like(key: string, language: Language = 'en'): RegExp {
  const parts = say(key, {}, language).split(/\{\w+\}/);
  return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*?'));
}
