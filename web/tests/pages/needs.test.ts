import { ask } from '../world/asking.ts';
import { look as sound } from '../world/sound.ts';
import { street } from '../world/street.ts';
import { expect, test } from '../world/test.ts';
import { say } from '../world/words.ts';

const SLOW = { timeout: 30_000 };
const SUPPLIES = 'good,unit,per,rate,box,lead_min\nwater,bottles,person,2,24,40\nswabs,pieces,person,1,100,\n';

for (const language of ['en', 'es', 'zh', 'zh-Hant'] as const) {
  test(`the desk sees what tomorrow's round needs of its stock, and what is to be brought (${language})`, async ({ planner }) => {
    test.slow();
    const words = (key: string, gaps: Record<string, string | number> = {}) => say(key, gaps, language);
    await planner.start(language);
    const desk = planner.page;
    const { community } = await street(desk, { 'supplies.csv': SUPPLIES }, 1);
    await ask(desk, 'POST', `parties/${community}/supplies`, { kind: 'enter', how: 'donated', lines: [{ good: 'water', unit: 'bottles', count: 1 }] });
    await desk.goto(`${planner.host.address}?lang=${language}#/supplies/${community}`);
    const keep = desk.getByRole('button', { name: words('page.supplies.needs.do'), exact: true });
    await expect(keep).toBeEnabled(SLOW);
    await sound(desk, `needs-round-${language}`);
    // Swabs come with the samplers.
    await desk.getByRole('checkbox', { name: /swabs/ }).uncheck();
    await keep.click();

    // Two bottles for each of three: one box is brought.
    const of = words('page.supplies.needs.boxes', { boxes: 1, count: 24, unit: 'bottles', good: 'water' });
    await expect(desk.getByText(of)).toBeVisible();
    const water = desk.locator('details', { hasText: words('page.supplies.needs.lacks', { count: 5, unit: 'bottles' }) });
    await water.locator('summary').click();
    await expect(water.getByRole('table')).toContainText(words('page.supplies.needs.used'));
    await expect(keep).toBeDisabled();
    await desk.setViewportSize({ width: 390, height: 844 });
    await sound(desk, `needs-lacking-${language}`);

    // Counted anew, there is enough.
    await desk.getByRole('button', { name: words('page.supplies.count.do'), exact: true }).click();
    await desk.getByRole('textbox', { name: words('page.supplies.count_of', { good: 'water' }) }).fill('10');
    await desk.getByRole('button', { name: words('page.supplies.count.done'), exact: true }).click();
    await expect(desk.getByText(of)).toHaveCount(0);
    await expect(desk.locator('summary', { hasText: `water: ${words('page.supplies.needs.enough')}` })).toBeVisible();
    await expect(desk.getByText('swabs:')).toHaveCount(0);

    // None of it comes from here any more.
    await desk.getByRole('checkbox', { name: /water/ }).uncheck();
    await keep.click();
    await expect(desk.locator('summary', { hasText: 'water:' })).toHaveCount(0);
    await expect(desk.locator('.stock')).toContainText('10');
  });
}
