/** The module is built by `make web` and is not in the repository; this is its shape where it has not been built. */
declare module '*/module/city.js' {
  export default function init(from: { module_or_path: URL }): Promise<unknown>;
  export function teach(language: string, catalogue: string): void;
  export const CityDocuments: { new (): import('./contract.ts').CityDocuments; largest(): number };
}
