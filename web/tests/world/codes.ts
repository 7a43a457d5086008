import { createHmac } from 'node:crypto';

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Codes of a round's tubes and boxes, as its key makes them: what a printed label says. */
export class Codes {
  #community: number;
  #key: Buffer;

  constructor(community: string, key: number[]) {
    this.#community = keyed(Buffer.from('shouhu/community/1'), [Buffer.from(community.replaceAll('-', ''), 'hex')]) & 0x1ffffff;
    this.#key = Buffer.from(key);
  }

  /** As it stands on the label. */
  tube(number: number): string {
    const symbols = [...digits(this.#community, 5), ...digits(number, 4), ...digits(this.#keyed('', number), 4)];
    const letters = symbols.map((symbol) => LETTERS[symbol]).join('');
    return `${letters.slice(0, 5)}-${letters.slice(5, 9)}-${letters.slice(9)}-${LETTERS[check(symbols)]}`;
  }

  item(number: number): string {
    return this.#id(number, '', 0x7ben);
  }

  box(number: number): string {
    return this.#id(number, 'box', 0xb0cn);
  }

  #keyed(kind: string, number: number): number {
    return keyed(this.#key, [Buffer.from(kind), little(this.#community), little(number)]) & 0xfffff;
  }

  /** The code itself, as the identifier that events have. */
  #id(number: number, kind: string, mark: bigint): string {
    const bits = (BigInt(this.#community) << 40n) | (BigInt(number) << 20n) | BigInt(this.#keyed(kind, number));
    const high = ((bits >> 62n) << 16n) | mark | 0x8000n;
    const low = (bits & ((1n << 62n) - 1n)) | (1n << 63n);
    const text = high.toString(16).padStart(16, '0') + low.toString(16).padStart(16, '0');
    return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
}

function keyed(key: Buffer, parts: Buffer[]): number {
  return parts.reduce((mac, part) => mac.update(part), createHmac('sha256', key)).digest().readUInt32BE(0);
}

function little(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}

function digits(number: number, letters: number): number[] {
  return Array.from({ length: letters }, (_, place) => Math.floor(number / 32 ** (letters - 1 - place)) % 32);
}

function check(symbols: number[]): number {
  return symbols.reduce((sum, symbol) => {
    const doubled = (sum ^ symbol) << 1;
    return doubled & 32 ? doubled ^ 0b100101 : doubled;
  }, 0);
}
