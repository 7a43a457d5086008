import { ask } from '../world/asking.ts';
import { look as sound } from '../world/sound.ts';
import { expect, test } from '../world/test.ts';
import { say } from '../world/words.ts';

const SLOW = { timeout: 30_000 };

test('goods go from one desk to another: promised, sent, received short, the rest, and whom to call', async ({ planner }, info) => {
  test.slow();
  await planner.start();
  const page = planner.page;
  const at = (language: string, of: string, name = 'supplies') => `${planner.host.address}?lang=${language}#/${name}/${encodeURIComponent(of)}`;
  const made = await ask<{ id: string }>(page, 'POST', 'places', { parent: null, kind: 'neighbourhood', name: `Example Committee ${info.workerIndex}` });
  const court = (await ask<{ id: string }>(page, 'POST', 'communities', { name: `Example Court ${info.workerIndex}` })).id;
  const committee = `in:${made.id}`;
  const card = (of: string) => ask<{ card: string }>(page, 'GET', `parties/${encodeURIComponent(of)}`).then((seen) => seen.card);
  const meet = async (one: string, other: string) => ask(page, 'POST', `parties/${encodeURIComponent(one)}`, { kind: 'meet', card: await card(other), shares: ['words', 'supplies'] });
  await meet(committee, court);
  await meet(court, committee);
  const button = (key: string) => page.getByRole('button', { name: say(key), exact: true });
  const open = (key: string) => page.locator('summary', { hasText: say(key) }).click();

  // The committee gives its telephones, and counts what it has.
  await page.goto(at('en', committee, 'together'));
  await page.getByLabel(say('supplies.role.carrier')).fill('+1 555 0101');
  await button('page.together.telephones.do').click();
  await expect(button('page.together.telephones.do')).toBeDisabled();
  await page.getByRole('link', { name: say('page.supplies') }).click();
  await expect(page.getByText(say('page.supplies.stock.none'))).toBeVisible();
  await button('page.supplies.count.do').click();
  await page.getByLabel(say('page.supplies.good'), { exact: true }).first().fill('water');
  await page.getByLabel(say('page.supplies.unit'), { exact: true }).first().fill('bottles');
  await page.getByRole('textbox', { name: say('page.supplies.count_of', { good: 'water' }) }).first().fill('500');
  await button('page.supplies.count.done').click();
  await expect(page.locator('.stock')).toContainText('500');

  // It promises some of it, and sends it with one touch.
  await open('page.supplies.promise');
  await page.getByRole('textbox', { name: say('page.supplies.count_of', { good: 'water' }) }).first().fill('200');
  // What is typed stays when another good comes into stock, and that is there to choose.
  await ask(page, 'POST', `parties/${encodeURIComponent(committee)}/supplies`, { kind: 'enter', how: 'donated', lines: [{ good: 'masks', unit: 'boxes', count: 5 }] });
  await expect(page.getByRole('textbox', { name: say('page.supplies.count_of', { good: 'masks' }) }).first()).toHaveValue('0', SLOW);
  await expect(page.getByRole('textbox', { name: say('page.supplies.count_of', { good: 'water' }) }).first()).toHaveValue('200');
  await sound(page, 'supplies-promise');
  await button('page.supplies.promise.do').click();
  await expect(page.getByText(say('supplies.stage.promised'), { exact: true })).toBeVisible();
  const code = (await page.locator('article code').first().textContent()) ?? '';
  expect(code).toMatch(/^W/);
  await button('page.supplies.do.send.all').click();
  await expect(page.getByText(say('supplies.stage.sent'), { exact: true })).toBeVisible();
  await sound(page, 'supplies-sender');

  // The court sees it under way, says that it is at the gate, and counts: fewer came.
  await page.goto(at('en', court));
  await expect(button('page.supplies.do.receive.all')).toBeVisible(SLOW);
  await sound(page, 'supplies-receiver');
  await button('page.supplies.do.reach_gate').click();
  await expect(page.getByText(say('supplies.stage.at_gate'), { exact: true })).toBeVisible();
  await button('page.supplies.do.receive.count').click();
  const count = page.getByRole('textbox', { name: say('page.supplies.count_of', { good: 'water' }) }).first();
  await count.fill('180');
  await expect(button('page.supplies.do.receive')).toBeDisabled();
  await page.getByRole('combobox', { name: say('page.supplies.reason'), exact: true }).selectOption('broken');
  await sound(page, 'supplies-count');
  await button('page.supplies.do.receive').click();
  // It is told whom to call, by the number that the committee gave.
  const late = page.locator('article.late');
  await expect(late.getByRole('link', { name: '+1 555 0101' })).toHaveAttribute('href', 'tel:+15550101', SLOW);
  for (const language of ['en', 'es', 'zh', 'zh-Hant']) {
    await page.goto(at(language, court));
    await expect(page.locator('article.late .stage')).toBeVisible(SLOW);
    await sound(page, `supplies-short-${language}`);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(at('en', court));
  await expect(late.locator('.stage')).toBeVisible(SLOW);
  await sound(page, 'supplies-phone');

  // What is typed by its code and was received already is refused with what to do.
  await open('page.supplies.code.do');
  await page.getByLabel(say('page.supplies.code'), { exact: true }).fill('W12');
  await page.getByRole('textbox', { name: say('page.supplies.count_of', { good: 'water' }) }).last().fill('1');
  await button('page.supplies.do.receive').click();
  await expect(page.getByRole('alert')).toContainText(say('problem_mend.supplies_code_mistyped'));

  // The rest comes, and both desks see that all came.
  await page.getByRole('button', { name: say('page.supplies.do.rest') }).click();
  await button('page.supplies.do.rest').click();
  await expect(page.getByText(say('page.supplies.near.none'))).toBeVisible();
  await page.goto(at('en', committee));
  await expect(page.getByText(say('page.supplies.over', { count: 1 }))).toBeVisible(SLOW);
  await page.locator('summary', { hasText: say('page.supplies.over', { count: 1 }) }).click();
  await expect(page.getByText(say('page.supplies.received', { count: 200 }))).toBeVisible();
  await expect(page.locator('.stock')).toContainText('300');
});
