/** A finger in a glove taps twice: so soon after a tap, another is the same one, in milliseconds. */
export const REST_MS = 500;

/** One tap, one step: what is tapped while it is under way, or right after, is not another. */
export function once<Of extends unknown[]>(work: (...of: Of) => Promise<unknown>): (...of: Of) => Promise<void> {
  let until = 0;
  return async (...of) => {
    if (performance.now() < until) return;
    const rested = performance.now() + REST_MS;
    until = Infinity;
    try {
      await work(...of);
    } finally {
      until = rested;
    }
  };
}

/** How far apart two taps of one finger fall. */
const NEAR_PX = 40;

/** Heard before anything else: the second tap of a glove does not fall on what has come to its place since the first. */
export function meant(): (event: MouseEvent) => void {
  let last: { at: number; x: number; y: number; on: Element } | null = null;
  return (event) => {
    // By a key, nothing is under a finger.
    if (event.detail === 0 || !(event.target instanceof Element)) return;
    const { timeStamp: at, clientX: x, clientY: y, target } = event;
    const isSecond = last && at - last.at < REST_MS && Math.hypot(x - last.x, y - last.y) < NEAR_PX;
    if (last && isSecond && !isAt(last.on, last.x, last.y)) {
      event.preventDefault();
      event.stopPropagation();
    } else {
      last = { at, x, y, on: target.closest('button, a, label, summary') ?? target };
    }
  };
}

/** Whether something is still at a point of the window. */
function isAt(of: Element, x: number, y: number): boolean {
  return [...of.getClientRects()].some(({ left, right, top, bottom }) => left <= x && x <= right && top <= y && y <= bottom);
}
