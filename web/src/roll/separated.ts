/** Rows of cells, as a spreadsheet shows them. */
export type Rows = string[][];

const BOM = '\ufeff';

/** What separates cells: what stands most often in the first line outside quotes. */
function separator(content: string): string {
  const line = (content.split('\n', 1)[0] ?? '').replace(/"[^"]*"/g, '');
  const count = (mark: string) => line.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

export function readSeparated(bytes: Uint8Array): Rows {
  const content = new TextDecoder().decode(bytes).replace(BOM, '');
  const mark = separator(content);
  const rows: Rows = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < content.length; at += 1) {
    const character = content[at] as string;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (content[at + 1] === '"') (cell += '"'), (at += 1);
      else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === mark) row.push(cell), (cell = '');
    else if (character === '\n') rows.push([...row, cell.replace(/\r$/, '')]), (row = []), (cell = '');
    else cell += character;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}

/** UTF-8 with a byte-order mark, as spreadsheets open it rightly. */
export function writeSeparated(rows: Rows): Uint8Array {
  const cell = (value: string) => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = rows.map((row) => row.map(cell).join(','));
  return new TextEncoder().encode(`${BOM}${lines.join('\n')}\n`);
}
