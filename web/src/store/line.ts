/** Of each scenario: what was last begun with it in this page. */
const last = new Map<string, Promise<unknown>>();

/**
 * One after the other: a write waits for the one before it, and who reads waits for what is being written. Two writes under
 * way at once would each believe that the other came from somebody else.
 */
export function inLine<T>(id: string, work: () => Promise<T>): Promise<T> {
  const done = (last.get(id) ?? Promise.resolve()).then(work);
  last.set(id, done.catch(() => undefined));
  return done;
}
