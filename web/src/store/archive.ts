import type { Files } from '../engine/contract.ts';

/** A scenario folder larger than this is no scenario folder. */
const LARGEST = 64 * 1024 * 1024;

/** The folder as one zip file. */
export async function zipped(folder: string, files: Files): Promise<Blob> {
  const { zipSync } = await import('fflate');
  const tree = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${folder}/${path}`, bytes]));
  return new Blob([zipSync(tree) as Uint8Array<ArrayBuffer>], { type: 'application/zip' });
}

/** What a person dropped or chose: a zip file, a folder, or single files of one. */
export async function opened(chosen: File[]): Promise<Files> {
  const files: Files = {};
  if (chosen.reduce((sum, file) => sum + file.size, 0) > LARGEST) return files;
  for (const file of chosen) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (/\.zip$/i.test(file.name)) Object.assign(files, await unzipped(bytes));
    else files[file.webkitRelativePath || file.name] = bytes;
  }
  return rooted(files);
}

/** Nothing, if it is no zip file whatever its name says. */
async function unzipped(bytes: Uint8Array): Promise<Files> {
  const { unzipSync } = await import('fflate');
  try {
    return unzipSync(bytes, { filter: (file) => !file.name.endsWith('/') && file.originalSize < LARGEST });
  } catch {
    return {};
  }
}

/** Takes away the folders above `scenario.toml`. */
function rooted(files: Files): Files {
  const top = Object.keys(files).find((path) => /(^|\/)scenario\.toml$/.test(path));
  const root = top?.slice(0, -'scenario.toml'.length) ?? '';
  const inside = Object.entries(files).filter(([path]) => path.startsWith(root));
  return Object.fromEntries(inside.map(([path, bytes]) => [path.slice(root.length), bytes]));
}

/** Hands a file to the person. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
