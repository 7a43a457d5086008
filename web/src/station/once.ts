/** A finger in a glove taps twice: so soon after a step, a tap is the same one, in milliseconds. */
const REST_MS = 500;

/** One tap, one step: what is tapped while it is under way, or right after, is not another. */
export function once<Of extends unknown[]>(work: (...of: Of) => Promise<unknown>): (...of: Of) => Promise<void> {
  let until = 0;
  return async (...of) => {
    if (performance.now() < until) return;
    until = Infinity;
    try {
      await work(...of);
    } finally {
      until = performance.now() + REST_MS;
    }
  };
}
