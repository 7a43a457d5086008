/** The modules are built by `make web` and are not in the repository; this is their shape where they have not been built. */
declare module '*/module/station.js' {
  export default function init(from: { module_or_path: URL }): Promise<unknown>;
  export function teach(language: string, catalogue: string): void;
  export const Station: import('./contract.ts').StationClass;
}
