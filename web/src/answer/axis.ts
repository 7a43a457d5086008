/** Round steps for an axis: at most `count` of them reach `top`. */
export function steps(top: number, count: number): number[] {
  const least = Math.max(top, 1) / count;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((round) => round * power).find((round) => round >= least) ?? least;
  const marks: number[] = [];
  for (let mark = 0; mark < top + step; mark += step) marks.push(Math.round(mark * 1000) / 1000);
  return marks;
}

/** Full hours, or halves, or several, between two minutes of the day: at most `count`. */
export function hours(from: number, to: number, count: number): number[] {
  const step = [30, 60, 120, 180, 240, 360, 720].find((minutes) => (to - from) / minutes <= count) ?? 1440;
  const marks: number[] = [];
  for (let mark = Math.ceil(from / step) * step; mark <= to; mark += step) marks.push(mark);
  return marks;
}

/** Points as an SVG path. */
export function path(points: [number, number][]): string {
  return points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}
