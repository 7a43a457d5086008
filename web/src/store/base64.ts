import type { Files } from '../engine/contract.ts';

/** Files as a server speaks of them: path → base64. */
export type Packed = Record<string, string>;

/** `String.fromCharCode` takes its bytes as arguments, of which there is a limit. */
const CHUNK = 0x8000;

export function pack(files: Files): Packed {
  return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, encode(bytes)]));
}

export function unpack(files: Packed): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, decode(text)]));
}

export function encode(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

function decode(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
