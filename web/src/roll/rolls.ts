/** What a roll's file is called in a scenario folder. */
export const ROLLS = ['roll.csv', 'roll.xlsx'];

/** Whether a file is text in UTF-8, so that it can be read and mended as it is. */
export function isText(bytes: Uint8Array): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(bytes).includes('\0');
  } catch {
    return false;
  }
}
