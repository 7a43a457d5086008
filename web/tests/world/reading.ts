/** How hard a text is to read. */

/** Syllables of an English word: groups of vowels, a silent e apart. */
function syllables(word: string): number {
  const plain = word.toLowerCase().replace(/[^a-z]/g, '');
  if (plain.length <= 3) return 1;
  const spoken = plain.replace(/(?:[^laeiouy]es|[^aeiouydt]ed|[^laeiouy]e)$/, (end) => end[0] ?? '');
  return Math.max(1, spoken.match(/[aeiouy]{1,2}/g)?.length ?? 1);
}

export interface Text {
  sentences: string[];
  words: string[];
}

/** English sentences of a text; what stands in a gap is counted as one short word. */
export function english(texts: string[]): Text {
  const sentences = texts
    .flatMap((text) => text.replace(/\{\w+\}/g, 'one').replace(/`[^`]*`|[\w-]+\.(toml|csv|xlsx|json)|\[\[?\w+\]\]?|\w+ = \S+/g, 'file').split(/(?<=[.?!])\s+/))
    .filter((sentence) => /[.?!]$/.test(sentence) && sentence.split(/\s+/).length >= 3);
  return { sentences, words: sentences.flatMap((sentence) => sentence.match(/[A-Za-z][A-Za-z'’-]*/g) ?? []) };
}

/**
 * The school grade that a text asks for: Kincaid, Fishburne, Rogers and Chissom, "Derivation of New Readability Formulas
 * for Navy Enlisted Personnel", Research Branch Report 8-75, 1975.
 */
export function grade({ sentences, words }: Text): number {
  const spoken = words.reduce((sum, word) => sum + syllables(word), 0);
  return 0.39 * (words.length / sentences.length) + 11.8 * (spoken / words.length) - 15.59;
}

/** Characters of Chinese sentences, without marks and spaces. */
export function chinese(texts: string[]): number[] {
  return texts
    .flatMap((text) => text.replace(/\{\w+\}/g, '三').replace(/[A-Za-z][\w.-]*/g, '文').split(/[。！？；]/))
    .map((sentence) => sentence.replace(/[\p{P}\p{S}\s]/gu, '').length)
    .filter((length) => length >= 4);
}
