/** Where things stand in a picture of a city: a projection fitted to it, and labels that do not lie on one another. */

import { geoCircle, geoMercator, type GeoProjection } from 'd3-geo';
import type { Chosen, District, Lab, Lonlat, Rounds } from './contract.ts';

/** Kilometres in a degree of a great circle. */
const KM_PER_DEGREE = 111.2;

export type Point = [x: number, y: number];

/** The rings of a district's outline, or of the circle that stands for it. */
export function rings(district: District): Lonlat[][] {
  if (district.outline) return district.outline.flat();
  if (district.latitude === null || district.longitude === null) return [];
  const circle = geoCircle().center([district.longitude, district.latitude]).radius(district.radius_km / KM_PER_DEGREE).precision(6)();
  return [circle.coordinates[0] as Lonlat[]];
}

/** Whether what goes from a district to a lab belongs to what was chosen. */
export function isOf(chosen: Chosen, district: number, lab: number | null): boolean {
  return chosen.kind === 'all' || (chosen.kind === 'district' ? chosen.at === district : chosen.at === lab);
}

/** The labs of what was chosen. */
export function labsOf({ labs, flows }: Rounds, chosen: Chosen): Set<number> {
  if (chosen.kind === 'all') return new Set(labs.keys());
  if (chosen.kind === 'lab') return new Set([chosen.at]);
  return new Set(flows.filter(({ district, tubes }) => district === chosen.at && tubes > 0).map(({ lab }) => lab));
}

/** A city's own places, or those of what was chosen: what is in another city would leave no room for them. */
function places(rounds: Rounds, chosen: Chosen = { kind: 'all' }): Lonlat[] {
  const used = labsOf(rounds, chosen);
  const districts = rounds.districts.filter((_, at) => chosen.kind === 'all' || (chosen.kind === 'district' && chosen.at === at));
  const labs = rounds.labs.filter(({ away }, at) => !away && used.has(at));
  const sites = rounds.sites.filter(({ district, lab }) => isOf(chosen, district, lab));
  return [...districts.flatMap(rings).flat(), ...[...labs, ...sites].map(({ longitude, latitude }): Lonlat => [longitude, latitude])];
}

/** The picture's height for its width: as the city lies, within what a screen shows. */
export function heightOf(rounds: Rounds, width: number): number {
  const plain = geoMercator();
  const at = places(rounds).map((place): Point => plain(place) ?? [0, 0]);
  const span = (of: 0 | 1): number => {
    const [low, high] = at.reduce(([low, high], place) => [Math.min(low, place[of]), Math.max(high, place[of])], [Infinity, -Infinity]);
    return high - low;
  };
  const ratio = at.length > 1 && span(0) > 0 ? span(1) / span(0) : 0.6;
  return Math.round(width * Math.min(1.15, Math.max(0.45, ratio)));
}

export function project(rounds: Rounds, chosen: Chosen, width: number, height: number): GeoProjection {
  const pad = Math.min(34, width / 12);
  const near = places(rounds, chosen);
  // One place alone has no extent to be fitted.
  const coordinates = near.length > 1 ? near : places(rounds);
  return geoMercator().fitExtent([[pad, pad], [width - pad, height - pad]], { type: 'MultiPoint', coordinates });
}

/** Where a lab is drawn: one in another city at the border, in its direction. */
export function labAt(lab: Lab, projection: GeoProjection, width: number, height: number): Point {
  const [x, y] = projection([lab.longitude, lab.latitude]) ?? [0, 0];
  if (!lab.away) return [x, y];
  const pad = 18;
  const [middle_x, middle_y] = [width / 2, height / 2];
  const far = Math.max(Math.abs(x - middle_x) / (middle_x - pad), Math.abs(y - middle_y) / (middle_y - pad), 1e-9);
  return [middle_x + (x - middle_x) / far, middle_y + (y - middle_y) / far];
}

/** Where a district's tubes begin: its middle, or the middle of its sites. */
export function middleOf(rounds: Rounds, district: number, projection: GeoProjection): Point {
  const own = rounds.districts[district];
  if (own && own.latitude !== null && own.longitude !== null) return projection([own.longitude, own.latitude]) ?? [0, 0];
  const sites = rounds.sites.filter((site) => site.district === district).map(({ longitude, latitude }) => projection([longitude, latitude]) ?? [0, 0]);
  const mean = (of: 0 | 1): number => sites.reduce((sum, at) => sum + (at[of] ?? 0), 0) / Math.max(1, sites.length);
  return [mean(0), mean(1)];
}

/** Points as one path: thousands of sites are one element. With round caps each is a dot. */
export function dots(points: Point[]): string {
  return points.map(([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`).join('');
}

/** A way between two points, bent to its right, so that ways from different sides to one lab stay apart. */
export function bent([x1, y1]: Point, [x2, y2]: Point): string {
  const [dx, dy] = [x2 - x1, y2 - y1];
  return `M${x1.toFixed(1)} ${y1.toFixed(1)}Q${((x1 + x2) / 2 - dy * 0.14).toFixed(1)} ${((y1 + y2) / 2 + dx * 0.14).toFixed(1)} ${x2.toFixed(1)} ${y2.toFixed(1)}`;
}

export interface Label {
  text: string;
  at: Point;
}

/** Of labels in the order of their weight, those that lie on none before. */
export function apart(labels: Label[], letter: number, width: number): Label[] {
  const placed: { left: number; right: number; y: number }[] = [];
  return labels.filter(({ text, at: [x, y] }) => {
    const half = ([...text].reduce((sum, sign) => sum + (sign.charCodeAt(0) > 0x2e80 ? 1.8 : 1), 0) * letter) / 2;
    const box = { left: x - half, right: x + half, y };
    const free = box.left > 0 && box.right < width && placed.every((other) => Math.abs(other.y - y) > letter * 2.2 || other.right < box.left || other.left > box.right);
    if (free) placed.push(box);
    return free;
  });
}
