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

/** How far apart two taps of one finger fall. */
const NEAR_PX = 40;

/** Heard before anything else: the second tap of a glove does not fall on what has come under it since the first. */
export function meant(): (event: MouseEvent) => void {
  let last: { at: number; x: number; y: number; on: Element } | null = null;
  return (event) => {
    // By a key, nothing is under a finger.
    if (event.detail === 0 || !(event.target instanceof Element)) return;
    const { timeStamp: at, clientX: x, clientY: y, target: on } = event;
    const isSecond = last && at - last.at < REST_MS && Math.hypot(x - last.x, y - last.y) < NEAR_PX;
    if (isSecond && last?.on.getClientRects().length === 0) {
      event.preventDefault();
      event.stopPropagation();
    } else {
      last = { at, x, y, on };
    }
  };
}
