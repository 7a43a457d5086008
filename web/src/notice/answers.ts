import type { Schemas } from '../access/access.ts';
import type { Files } from '../engine/contract.ts';
import { engine } from '../engine/engine.ts';
import { readSeparated, writeSeparated } from '../roll/separated.ts';
import { isText } from '../roll/rolls.ts';
import type { Changes } from '../store/store.ts';
import { words } from '../words/words.svelte.ts';

/** Where questions stand, once somebody has answered one here. */
const FILE = 'questions.csv';
/** The headings of a new file: as docs/notice.md has them. */
const HEADS = { en: ['question', 'answer', 'where'], zh: ['问题', '回答', '地点'] };
/** Files have headings of two languages. */
const heads = () => HEADS[words.language.startsWith('zh') ? 'zh' : 'en'];

/** An answer to a group of questions, or a question that nobody wrote down yet. */
export type Answered = { rows: number[]; answer: string } | { question: string; answer: string };

/** Writes an answer into the file of questions, all else in it as it was; null where its headings cannot be found. */
export async function answered(files: Files, asked: Schemas['NoticeQuestions'], change: Answered): Promise<Changes | null> {
  const bytes = asked.file === null ? undefined : files[asked.file];
  const text = bytes && (isText(bytes) ? bytes : (await engine.convert(asked.file ?? FILE, bytes, words.language)).csv);
  if (bytes && !text) return null;
  const rows = text ? readSeparated(text) : [[...heads()]];
  const named = text ? { question: asked.question, answer: asked.answer } : { question: rows[0]?.[0] ?? '', answer: rows[0]?.[1] ?? '' };
  const head = rows.find((cells) => cells.some((cell) => same(cell, named.question)));
  if (!head) return null;
  const place = (heading: string) => head.findIndex((cell) => heading !== '' && same(cell, heading));
  let answers = place(named.answer);
  if (answers < 0) answers = head.push(heads()[1] ?? '') - 1;
  const put = (cells: string[], at: number, value: string) => {
    while (cells.length <= at) cells.push('');
    cells[at] = value;
  };
  if ('question' in change) {
    const cells: string[] = [];
    put(cells, place(named.question), change.question);
    put(cells, answers, change.answer);
    rows.push(cells);
  } else {
    // One answer for all who asked: those who have another get this one.
    const [first, ...others] = change.rows.map((row) => rows[row - 1]).filter((cells) => cells !== undefined);
    if (!first) return null;
    put(first, answers, change.answer);
    for (const cells of others) if (cells[answers]) put(cells, answers, change.answer);
  }
  const old = asked.file !== null && asked.file !== FILE ? { [asked.file]: null } : {};
  return { ...old, [FILE]: writeSeparated(rows) };
}

/** The server reads headings with plain marks and without spaces around them. */
function same(one: string, other: string): boolean {
  const plain = (text: string) => text.normalize('NFKC').trim();
  return plain(one) === plain(other);
}
