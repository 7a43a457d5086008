import catalogues from 'virtual:words/engine';

/** A module of the engine as far as it is taught. */
export interface Taught {
  teach(language: string, catalogue: string): void;
}

const known = new WeakMap<Taught, Map<string, Promise<void>>>();

/** Hands a module the words of a language, once: it carries none itself. */
export function teach(module: Taught, language: string): Promise<void> {
  const languages = known.get(module) ?? new Map<string, Promise<void>>();
  known.set(module, languages);
  const taught = languages.get(language) ?? load(module, language);
  languages.set(language, taught);
  // What could not be fetched is fetched again.
  taught.catch(() => languages.delete(language));
  return taught;
}

async function load(module: Taught, language: string): Promise<void> {
  const found = await catalogues[language]?.();
  if (found) module.teach(language, JSON.stringify(found.default));
}
