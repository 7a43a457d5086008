/** The day that it is in so many days, by clocks that are ahead of UTC. */
export function dayIn(days: number, ahead_h = 0): string {
  return new Date(Date.now() + (days * 24 + ahead_h) * 3_600_000).toISOString().slice(0, 10);
}

/** What differs between sites that are open all day. */
interface Site {
  purpose?: string;
  pool?: number;
  green?: boolean;
}

export interface Today {
  scenario: string;
  /** The time of day there, as it is written on a sheet. */
  clock(): string;
}

/** A site with these stations and servers that is open all day, somewhere where it is noon: whenever a test runs, it meets no midnight. */
export function openToday(name: string, stations: Record<string, number>, { purpose = 'screening', pool, green = false }: Site = {}): Today {
  const ahead_h = 12 - new Date().getUTCHours();
  const there = (): string => new Date(Date.now() + ahead_h * 3_600_000).toISOString();
  // In these names, places east of Greenwich have a minus.
  const zone = ahead_h === 0 ? 'UTC' : `Etc/GMT${ahead_h > 0 ? '-' : '+'}${Math.abs(ahead_h)}`;
  const scenario = `format = 1
[community]
name = "${name}"
timezone = "${zone}"
[round]
purpose = "${purpose}"
date = ${there().slice(0, 10)}
opens = "00:00"
closes = "23:59"
${pool === undefined ? '' : `pool = ${pool}\n`}[site]
lanes = 1
${green ? 'green_channel = true\n' : ''}${Object.entries(stations).map(([station, servers]) => `[[site.station]]
name = "${station}"
servers = ${servers}
service = { law = "constant", mean_s = 10 }
`).join('')}[arrivals]
law = "waves"
[waves]
reaction = { law = "constant", mean_min = 3 }
`;
  return { scenario, clock: () => there().slice(11, 16) };
}
