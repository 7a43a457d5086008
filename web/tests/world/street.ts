import type { Page } from '@playwright/test';
import { ask } from './asking.ts';
import { dayIn } from './today.ts';

const scenario_on = (day: string) => `format = 1
[community]
name = "Example Lane"
timezone = "UTC"
[round]
purpose = "screening"
date = ${day}
opens = "00:00"
closes = "23:59"
[site]
lanes = 1
[[site.station]]
name = "sampling"
servers = 1
service = { law = "constant", mean_s = 10 }
[arrivals]
law = "waves"
[waves]
reaction = { law = "constant", mean_min = 3 }
`;
const ROLL = 'building,entrance,door,name,phone\n12,2,301,Example A,13800000001\n12,2,302,Example B,13800000002\n12,1,101,Example C,\n';
const ALL = ['Example A', 'Example B', 'Example C'];

/** A round of three people behind three doors, today or in so many days, with more tables: its community, and each one's link. */
export async function street(page: Page, more: Record<string, string> = {}, days = 0): Promise<{ community: string; links: string[] }> {
  const community = (await ask<{ id: string }>(page, 'POST', 'communities', { name: 'Example Lane' })).id;
  const packed = (text: string) => Buffer.from(text).toString('base64');
  const tables = { 'scenario.toml': scenario_on(dayIn(days)), 'roll.csv': ROLL, ...more };
  const files = Object.fromEntries(Object.entries(tables).map(([name, text]) => [name, packed(text)]));
  const scenario = (await ask<{ id: string }>(page, 'POST', 'scenarios', { files })).id;
  await ask(page, 'POST', `communities/${community}/rounds`, { scenario, retain_until: dayIn(30) });
  const names = await ask<{ id: string; name: string }[]>(page, 'GET', `communities/${community}/names?why=copy`);
  const links: string[] = [];
  for (const name of ALL) {
    const id = names.find((one) => one.name === name)?.id ?? '';
    const copy = await ask<{ stays: { own: string }[] }>(page, 'GET', `communities/${community}/names/${id}/copy?why=copy`);
    links.push(copy.stays[0]?.own ?? '');
  }
  return { community, links };
}
