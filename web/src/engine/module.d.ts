/** The module is built by `make web` and is not in the repository; this is its shape where it has not been built. */
declare module '*/module/browser.js' {
  export default function init(): Promise<unknown>;
  export const Folder: import('./contract.ts').FolderClass;
}
