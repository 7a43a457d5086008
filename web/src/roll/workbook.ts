import type { Rows } from './separated.ts';

/** A roll has fewer columns; what stands further right is not read. */
const COLUMNS_MAX = 100;
const ROWS_MAX = 200_000;
/** Built-in number formats that are dates. */
const DATES = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]);
const DAY_MS = 86_400_000;

/** The first sheet of an XLSX file, so that its cells can be mended. Formulas give what they gave when it was saved. */
export async function readWorkbook(bytes: Uint8Array): Promise<Rows> {
  const { unzipSync } = await import('fflate');
  const parts = unzipSync(bytes, { filter: ({ name }) => /^xl\/(sharedStrings|styles|workbook|worksheets\/sheet\d+)\.xml$/.test(name) });
  const part = (name: string) => parse(parts[name]);
  const sheet = Object.keys(parts).filter((name) => name.includes('worksheets')).sort(byNumber)[0];
  const shared = [...part('xl/sharedStrings.xml').getElementsByTagName('si')].map(joined);
  const dates = dateStyles(part('xl/styles.xml'));
  const rows: Rows = [];
  for (const row of part(sheet ?? '').getElementsByTagName('row')) {
    const at = Number(row.getAttribute('r') ?? rows.length + 1) - 1;
    if (at >= ROWS_MAX) break;
    while (rows.length <= at) rows.push([]);
    rows[at] = cells(row, shared, dates);
  }
  return rows;
}

function parse(bytes: Uint8Array | undefined): Document {
  const text = bytes ? new TextDecoder().decode(bytes) : '<none/>';
  return new DOMParser().parseFromString(text, 'application/xml');
}

function byNumber(a: string, b: string): number {
  return Number(a.replace(/\D/g, '')) - Number(b.replace(/\D/g, ''));
}

/** A text may be cut into runs; how it is pronounced stands beside it and is no part of it. */
function joined(item: Element): string {
  return [...item.getElementsByTagName('t')].filter((run) => run.parentElement?.tagName !== 'rPh').map((run) => run.textContent ?? '').join('');
}

function dateStyles(styles: Document): Set<number> {
  const own = new Map([...styles.getElementsByTagName('numFmt')].map((format) => [Number(format.getAttribute('numFmtId')), format.getAttribute('formatCode') ?? '']));
  const isDate = (id: number) => DATES.has(id) || /[yd年日]/i.test((own.get(id) ?? '').replace(/"[^"]*"|\[[^\]]*\]/g, ''));
  const formats = [...(styles.getElementsByTagName('cellXfs')[0]?.getElementsByTagName('xf') ?? [])];
  return new Set(formats.flatMap((format, at) => (isDate(Number(format.getAttribute('numFmtId'))) ? [at] : [])));
}

function cells(row: Element, shared: string[], dates: Set<number>): string[] {
  const found: string[] = [];
  for (const cell of row.getElementsByTagName('c')) {
    const at = column(cell.getAttribute('r') ?? '') ?? found.length;
    if (at >= COLUMNS_MAX) continue;
    while (found.length <= at) found.push('');
    found[at] = value(cell, shared, dates);
  }
  return found;
}

function column(reference: string): number | null {
  const letters = /^[A-Z]+/.exec(reference)?.[0];
  return letters ? [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 : null;
}

function value(cell: Element, shared: string[], dates: Set<number>): string {
  const kind = cell.getAttribute('t');
  if (kind === 'inlineStr') return joined(cell);
  const raw = cell.getElementsByTagName('v')[0]?.textContent ?? '';
  if (kind === 's') return shared[Number(raw)] ?? '';
  const isDate = kind === null && raw !== '' && dates.has(Number(cell.getAttribute('s') ?? -1));
  // Days since 1899-12-30, as spreadsheets count.
  return isDate ? new Date(Date.UTC(1899, 11, 30) + Number(raw) * DAY_MS).toISOString().slice(0, 10) : raw;
}
