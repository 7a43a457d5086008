import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../world/programs.ts';
import { chinese, english, grade } from '../world/reading.ts';
import { catalogue, type Language } from '../world/words.ts';

/** What a planner reads, and what a resident or a new volunteer does. */
const PLANNERS = ['page', 'note', 'mend', 'finding', 'review', 'lesson', 'problem', 'problem_mend', 'report', 'refusal', 'conflict', 'live'];
const RESIDENTS = ['chat', 'sheet'];
const GRADE = { planners: 9, residents: 6 };
/** Characters of a Chinese sentence, on average. */
const CHARACTERS = 22;

function of(language: Language, prefixes: string[]): string[] {
  return Object.entries(catalogue(language))
    .filter(([key]) => prefixes.includes(key.split('.')[0] ?? ''))
    .map(([, text]) => text);
}

/** Notices and role cards of a service file, in one language. */
function services(language: 'en' | 'zh'): [file: string, texts: string[]][] {
  const folder = join(ROOT, 'services');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.toml'))
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const said = [...text.matchAll(new RegExp(`\\b${language} = "((?:[^"\\\\]|\\\\.)*)"`, 'g'))].map((found) => found[1] ?? '');
      return [file, said];
    });
}

/** The sentences that are hardest, for whoever has to mend them. */
function hardest(texts: string[]): string {
  const graded = english(texts).sentences.map((sentence) => ({ sentence, at: grade(english([sentence])) }));
  return graded.sort((a, b) => b.at - a.at).slice(0, 12).map(({ sentence, at }) => `${at.toFixed(1)}  ${sentence}`).join('\n');
}

test('the measure tells a plain sentence from an official one', () => {
  const plain = ['Come down when a volunteer knocks. You will hardly wait.'];
  const official = ['Residents are requested to await notification by designated personnel prior to proceeding to the registration facility in order to minimise unnecessary congestion.'];
  expect(grade(english(plain))).toBeLessThan(6);
  expect(grade(english(official))).toBeGreaterThan(14);
});

for (const prefix of PLANNERS) {
  test(`planners read ${prefix} at grade ${GRADE.planners} or below`, () => {
    const texts = of('en', [prefix]);
    const at = grade(english(texts));
    console.log(`${prefix}: grade ${at.toFixed(1)}`);
    expect(at, hardest(texts)).toBeLessThanOrEqual(GRADE.planners);
  });
}

test(`residents read what they are sent at grade ${GRADE.residents} or below`, () => {
  const texts = of('en', RESIDENTS);
  console.log(`chat, sheet: grade ${grade(english(texts)).toFixed(1)}`);
  expect(grade(english(texts)), hardest(texts)).toBeLessThanOrEqual(GRADE.residents);
  for (const [file, said] of services('en')) {
    const at = grade(english(said));
    console.log(`${file}: grade ${at.toFixed(1)}`);
    expect.soft(at, `${file}\n${hardest(said)}`).toBeLessThanOrEqual(GRADE.residents);
  }
});

test(`Chinese sentences have about twenty characters`, () => {
  const groups = (['zh', 'zh-Hant'] as const).flatMap((language) =>
    [...PLANNERS, ...RESIDENTS].map((prefix): [string, string[]] => [`${language} ${prefix}`, of(language, [prefix])]));
  for (const [name, texts] of [...groups, ...services('zh')]) {
    const lengths = chinese(texts);
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    console.log(`${name}: ${mean.toFixed(1)} characters`);
    expect.soft(mean, name).toBeLessThanOrEqual(CHARACTERS);
  }
});

test('no page sentence is longer than a breath', () => {
  for (const language of ['en', 'es'] as const) {
    const long = english(of(language, ['page'])).sentences.filter((sentence) => sentence.split(/\s+/).length > 26);
    expect.soft(long, language).toEqual([]);
  }
  for (const language of ['zh', 'zh-Hant'] as const) expect.soft(chinese(of(language, ['page'])).filter((length) => length > 40), language).toEqual([]);
});
