import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** A picture with at most 256 colours takes a third of the place (PNG, ISO/IEC 15948). */
export function palettised(png: Buffer): Buffer {
  const { width, height, channels, data } = decoded(png);
  const { colours, places } = chosen(data, channels);
  const lines = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1) places.copy(lines, y * (width + 1) + 1, y * width, (y + 1) * width);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    png.subarray(0, 8), chunk('IHDR', head), chunk('PLTE', Buffer.from(colours.flat())),
    chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })), chunk('IEND', Buffer.alloc(0)),
  ]);
}

interface Pixels {
  width: number;
  height: number;
  channels: number;
  data: Buffer;
}

/** The pixels of a PNG as browsers write it: eight bits a channel, not interlaced. */
function decoded(png: Buffer): Pixels {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const [width, height, channels] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25] === 6 ? 4 : 3];
  const raw = inflateSync(Buffer.concat(parts));
  const row = width * channels;
  const data = Buffer.alloc(row * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (row + 1)];
    for (let x = 0; x < row; x += 1) {
      const left = x >= channels ? (data[y * row + x - channels] ?? 0) : 0;
      const up = y > 0 ? (data[(y - 1) * row + x] ?? 0) : 0;
      const corner = y > 0 && x >= channels ? (data[(y - 1) * row + x - channels] ?? 0) : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      data[y * row + x] = (raw[y * (row + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return { width, height, channels, data };
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

type Colour = [red: number, green: number, blue: number];

/** The colours that cover most of the picture, and for each pixel the nearest of them. */
function chosen(data: Buffer, channels: number): { colours: Colour[]; places: Buffer } {
  const counts = new Map<number, number>();
  const pixels = data.length / channels;
  const key = (pixel: number) => data.readUIntBE(pixel * channels, 3);
  for (let pixel = 0; pixel < pixels; pixel += 1) counts.set(key(pixel), (counts.get(key(pixel)) ?? 0) + 1);
  const usual = [...counts].sort((a, b) => b[1] - a[1]);
  const colour = (value: number): Colour => [value >> 16, (value >> 8) & 255, value & 255];
  const distance = (one: Colour, other: Colour) => (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2;
  const colours: Colour[] = [];
  // First what is unlike all others, then what is left.
  for (const apart of [300, 60, 12, 0]) {
    for (const [value] of usual) {
      if (colours.length < 256 && colours.every((known) => distance(known, colour(value)) > apart)) colours.push(colour(value));
    }
  }
  const nearest = new Map(
    usual.map(([value]) => [value, colours.reduce((best, known, at) => (distance(known, colour(value)) < distance(colours[best] as Colour, colour(value)) ? at : best), 0)]),
  );
  const places = Buffer.alloc(pixels);
  for (let pixel = 0; pixel < pixels; pixel += 1) places[pixel] = nearest.get(key(pixel)) ?? 0;
  return { colours, places };
}

function chunk(kind: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(content.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
