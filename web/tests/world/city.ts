/** Documents of a city as the commands print them: an example with three districts, a lab in another city, and teams and a target. */

const DISTRICTS = [
  { name: 'North', latitude: 31.36, longitude: 121.46, radius_km: 7 },
  { name: 'South', latitude: 31.16, longitude: 121.42, radius_km: 8 },
  { name: 'Island', latitude: 31.27, longitude: 121.68, radius_km: 6 },
];
const LABS = [
  { name: 'Example Lab A', latitude: 31.3, longitude: 121.4, away: false },
  { name: 'Example Lab B', latitude: 31.2, longitude: 121.5, away: false },
  { name: 'Example Air Dome', latitude: 31.25, longitude: 121.6, away: false },
  { name: 'Example Lab Elsewhere', latitude: 30.3, longitude: 120.2, away: true },
];
const SITES_EACH = 30;

/** Where a site of a district stands: on a spiral, the same each time. */
function place(district: number, site: number): [number, number] {
  const of = DISTRICTS[district]!;
  const [far, turn] = [(of.radius_km / 111) * Math.sqrt((site + 0.5) / SITES_EACH), site * 2.4];
  return [Number((of.latitude + far * Math.sin(turn)).toFixed(5)), Number((of.longitude + (far * Math.cos(turn)) / 0.856).toFixed(5))];
}

const bell = (length: number, middle: number, wide: number, top: number): number[] =>
  Array.from({ length }, (_, at) => Math.round(top * Math.exp(-(((at - middle) / wide) ** 2)) * 10) / 10);

/** Of each ten sites in a row the last go to the district's second lab. */
const labOf = (district: number, site: number): number => (district + (site >= 20 ? 1 : 0)) % 3;
/** What of a site's tubes comes to which lab, and the oldest of them. */
function brought(district: number, site: number): [number, number, number][] {
  const [tubes, oldest] = [60 + ((site * 7) % 50), Math.round((6 + ((site * 13) % 40) / 10) * 10) / 10];
  // Of some in the south a part goes on to another city.
  const away: [number, number, number][] = district === 1 && site >= 24 ? [[3, 20, 9.5]] : [];
  return [[labOf(district, site), tubes - 20 * away.length, oldest], ...away];
}

export function rounds(): object {
  const sites = DISTRICTS.flatMap(({ name }, district) => Array.from({ length: SITES_EACH }, (_, site) =>
    [`${name} ${site + 1}`, district, ...place(district, site), 60 + ((site * 7) % 50), brought(district, site)] as const));
  const routes = DISTRICTS.flatMap((_, district) => [0, 1, 2].map((part) => {
    const lab = LABS[labOf(district, part * 10)]!.name;
    const stops = Array.from({ length: 10 }, (_, at) => {
      const number = district * SITES_EACH + part * 10 + at + 1;
      return { number, site: sites[number - 1]![0], after_min: 12 + at * 9, boxes: 3 };
    });
    return { starts: lab, ends: lab, lab, vehicles: 2, back_min: 118, departs_min: [60, 120, 180, 240, 300], stops };
  }));
  const by = LABS[1]!.name;
  const stops = Array.from({ length: 6 }, (_, at) => ({ number: SITES_EACH + 25 + at, site: sites[SITES_EACH + 24 + at]![0], after_min: 20 + at * 9, boxes: 1 }));
  routes.push({ starts: by, ends: by, lab: LABS[3]!.name, vehicles: 2, back_min: 90, departs_min: [300], stops });
  const square = [[121.6, 31.2], [121.78, 31.21], [121.76, 31.34], [121.61, 31.33], [121.6, 31.2]];
  return {
    labs: LABS.map(({ name }, at) => ({ name, place: 1, tubes_per_hour: [420, 300, 500, 300][at], waiting_max: [80, 640, 20, 0][at] })),
    rounds: routes,
    transfers: [{ from: 'Example Lab B', to: 'Example Lab Elsewhere', departs_min: 420, arrives_min: 520, tubes: 600, notify_by_min: 240, message: '' }],
    unserved: ['Island 30'],
    findings: ['9 rounds are driven by 18 vehicles.', 'All tubes have their result in time.'],
    map: {
      city: 'Example City', opens: '2022-04-04T06:00', within_h: 10, due_min: 1560,
      districts: DISTRICTS.map((of, at) => ({ ...of, outline: at === 2 ? [[square]] : null, left_behind: 0 })),
      labs: LABS.map((lab) => ({ ...lab, open_min: [[0, 900]] })),
      sites,
      flows: [[0, 0, 340], [0, 1, 160], [1, 1, 330], [1, 2, 150], [2, 2, 340], [2, 0, 130], [1, 3, 120]].map(([district, lab, top]) => ({ district, lab, brought: bell(16, 6, 3.5, top!), half_hours: bell(22, 15 + district!, 3, top! * 1.1), late: district === 2 && lab === 2 ? 41 : 0, untested: 0 })),
    },
  };
}

export function aid(): object {
  const day = (at: number): string => `2022-04-${String(4 + at).padStart(2, '0')}`;
  const team = (team: string, donor: string, recipient: string, skill: string, people: number, from: number, until: number): object =>
    ({ team, donor, recipient, skill, people, leaves: day(from), from: day(from), until: day(until), free: day(until + 10), left: false });
  return {
    first: day(0), days: 7,
    deployments: [
      team('East City 1', 'East City', 'North', 'sampler', 240, 0, 4), team('East City 2', 'East City', 'South', 'sampler', 180, 1, 6),
      team('Lake City 1', 'Lake City', 'North', 'nurse', 60, 2, 6), team('Lake City 2', 'Lake City', 'Island', 'sampler', 120, 0, 6),
    ],
    districts: [['North', 2400, 1500], ['South', 1080, 1080], ['Island', 840, 840]].map(([recipient, asked, met]) =>
      ({ recipient, asked_person_days: asked, met_person_days: met, share: Number(met) / Number(asked) })),
    unmet: [{ recipient: 'North', skill: 'sampler', people: 240, from: day(5), until: day(6), person_days: 480, why: 'North is short of 240 samplers from 9 to 10 April: East City keeps its reserve at home.' }],
    sentences: ['4 teams of 600 people come.'],
  };
}

export function target(): object {
  const day = (at: number): string => new Date(Date.UTC(2022, 3, 5 + at)).toISOString().slice(0, 10);
  const policy = (name: string, slope: number, start: number): object => ({
    name, likely: day(Math.round(start)),
    targets: Array.from({ length: 28 }, (_, at) => {
      const probability = 1 / (1 + Math.exp(-(at - start) / slope));
      return { date: day(at), probability, low: probability * 0.7, high: Math.min(1, probability * 1.2) };
    }),
    cases: Array.from({ length: 28 }, (_, at) => {
      const middle = 900 * Math.exp(-at / (slope * 2.5));
      return { date: day(at), p05: middle * 0.3, p25: middle * 0.7, p50: middle, p75: middle * 1.5, p95: middle * 3 };
    }),
  });
  return {
    by: day(14), goal: { at_most: 0, clear_days: 3 },
    series: { first: '2022-03-06', last: '2022-04-04', cases: Array.from({ length: 30 }, (_, at) => (at === 9 ? null : Math.round(20 * Math.exp(at / 8)))) },
    policies: [policy('hold', 2, 12), policy('open in steps', 3, 19)],
    sentences: ['No cases outside quarantine by 19 April: 73 of 100.'],
    targets: [],
  };
}

export const file = (name: string, content: object): { name: string; mimeType: string; buffer: Buffer } =>
  ({ name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(content)) });
