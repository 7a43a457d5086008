type Loaders = Record<string, () => Promise<{ default: Record<string, string> }>>;

declare module 'virtual:words' {
  /** Tag, own name, and value of HTML's `lang`. */
  export const LANGUAGES: [tag: string, name: string, html: string][];
  export const CATALOGUES: Record<'station' | 'mine' | 'volunteer' | 'gate' | 'planner', Loaders>;
}

declare module 'virtual:words/engine' {
  const catalogues: Loaders;
  export default catalogues;
}
