import { ask } from '../world/asking.ts';
import { look as sound } from '../world/sound.ts';
import { street } from '../world/street.ts';
import { expect, test } from '../world/test.ts';
import { say } from '../world/words.ts';

const SLOW = { timeout: 30_000 };

for (const language of ['en', 'es', 'zh', 'zh-Hant'] as const) {
  test(`goods go to each household, which says on its own page that they came (${language})`, async ({ planner, another }) => {
    test.slow();
    const words = (key: string, gaps: Record<string, string | number> = {}) => say(key, gaps, language);
    await planner.start(language);
    const desk = planner.page;
    const { community, links } = await street(desk);
    await ask(desk, 'POST', `parties/${community}/supplies`, { kind: 'enter', how: 'donated', lines: [{ good: 'water', unit: 'bottles', count: 20 }] });
    const button = (key: string, gaps = {}) => desk.getByRole('button', { name: words(key, gaps), exact: true });

    // The desk promises two bottles to each person behind three doors.
    await desk.goto(`${planner.host.address}?lang=${language}#/supplies/${community}`);
    const section = desk.locator('details', { has: desk.locator('summary', { hasText: words('page.supplies.doors') }) }).last();
    await section.locator('summary').click();
    await expect(section.getByText(words('page.supplies.doors.chosen', { doors: 3, people: 3 }))).toBeVisible(SLOW);
    await section.getByRole('textbox', { name: words('page.supplies.count_of', { good: 'water' }) }).fill('2');
    await section.getByRole('combobox', { name: words('page.supplies.doors.per'), exact: true }).selectOption('person');
    await expect(section.getByText(words('page.supplies.doors.total', { count: 6, unit: 'bottles', good: 'water' }))).toBeVisible();
    await sound(desk, `households-promise-${language}`);
    await button('page.supplies.doors.do').click();
    await expect(desk.getByText(words('supplies.stage.promised'), { exact: true })).toBeVisible();
    await button('page.supplies.do.send.all').click();
    await expect(desk.getByText(words('supplies.stage.sent'), { exact: true })).toBeVisible();
    await expect(desk.locator('.stock')).toContainText('14');

    // It is left at the doors.
    await section.locator('summary').click();
    await desk.locator('summary', { hasText: words('page.supplies.doors.list') }).click();
    await expect(desk.getByText('12-2-301', { exact: true })).toBeVisible(SLOW);
    await sound(desk, `households-doors-${language}`);
    const saving = desk.waitForEvent('download');
    await desk.getByRole('link', { name: words('page.supplies.doors.cart'), exact: true }).click();
    expect((await saving).suggestedFilename()).toBe('cart.docx');
    await button('page.supplies.doors.give.all', { count: 3 }).click();
    await expect(desk.getByText(words('page.supplies.doors.given', { count: 3 }))).toBeVisible();
    await expect(desk.getByText(words('page.supplies.doors.by_you')).first()).toBeVisible(SLOW);
    await expect(button('page.supplies.doors.confirm')).toHaveCount(0);

    // One home has all of it, another has less.
    const { page: own } = await another();
    await own.setViewportSize({ width: 390, height: 844 });
    const visit = async (who: number) => {
      const address = new URL(links[who] ?? '', planner.host.address);
      address.searchParams.set('lang', language);
      const answered = own.waitForResponse((response) => response.url().includes('/mine/goods?'));
      await own.goto(address.href);
      await answered;
      await sound(own, `households-home-${who}-${language}`);
      await own.getByRole('button', { name: words('page.mine.goods') }).first().click();
    };
    const tap = (key: string) => own.getByRole('button', { name: words(key), exact: true }).click();
    await visit(0);
    await expect(own.getByText(words('own.goods.given'))).toBeVisible();
    await sound(own, `households-own-${language}`);
    await tap('page.mine.goods.here');
    await expect(own.getByText(words('own.goods.here'))).toBeVisible();
    await visit(2);
    await tap('page.mine.goods.missing');
    await own.getByRole('textbox', { name: 'water bottles' }).fill('1');
    await sound(own, `households-count-${language}`);
    await tap('page.mine.goods.count.do');
    await expect(own.getByText(words('own.goods.missing'))).toBeVisible();
    await sound(own, `households-missing-${language}`);

    // The desk sees both, and at which door something is missing.
    await desk.goto(`${planner.host.address}?lang=${language}#/`);
    await desk.goto(`${planner.host.address}?lang=${language}#/supplies/${community}`);
    const late = desk.locator('article.late');
    await expect(late.getByText('12-1-101').first()).toBeVisible(SLOW);
    await expect(late.getByText(words('page.supplies.doors.confirmed', { count: 2 }))).toBeVisible();
    await late.locator('summary', { hasText: words('page.supplies.doors.list') }).click();
    await expect(late.getByText(words('page.supplies.missing', { count: 1 })).first()).toBeVisible(SLOW);
    await sound(desk, `households-desk-${language}`);
    await desk.setViewportSize({ width: 390, height: 844 });
    await sound(desk, `households-desk-narrow-${language}`);
  });
}
