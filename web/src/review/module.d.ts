/** The module is built by `make web` and is not in the repository; this is its shape where it has not been built. */
declare module '*/module/review.js' {
  export default function init(from: { module_or_path: URL }): Promise<unknown>;
  export const Hindsight: new (offset_min: (zone: string, ms: number) => number) => import('./contract.ts').Hindsight;
}
