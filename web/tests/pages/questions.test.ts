import type { Locator } from '@playwright/test';
import { expect, picture, test } from '../world/test.ts';
import { like, say } from '../world/words.ts';

const GO = { name: say('page.ask.go') };

/** A tap on the field, and what is typed there. */
async function answer(field: Locator, text: string): Promise<void> {
  await field.click();
  await field.fill(text);
}

test('seven answers give a first plan in at most twelve taps @anywhere', async ({ planner, page }, info) => {
  await page.addInitScript(() => {
    addEventListener('pointerdown', () => sessionStorage.setItem('taps', String(Number(sessionStorage.getItem('taps') ?? 0) + 1)), true);
  });
  await planner.start();
  await expect(page.locator('fieldset')).toHaveCount(7);
  await page.locator('label', { hasText: /screening/i }).click();
  await answer(page.getByRole('textbox', { name: say('page.ask.number') }), '3000');
  await answer(page.getByLabel(say('page.ask.opens')), '08:00');
  await answer(page.getByLabel(say('page.ask.closes')), '12:30');
  await answer(page.getByRole('textbox', { name: say('page.ask.staff') }), '24');
  await page.getByText(say('page.ask.reach.doors')).click();
  await answer(page.getByRole('textbox', { name: say('page.ask.room') }), '150');
  await answer(page.getByRole('textbox', { name: say('page.ask.wait') }), '20');
  await picture(page, 'questions-en');
  await page.evaluate(() => {
    const times: Record<string, number> = {};
    addEventListener('click', () => (times.asked ??= performance.now()), true);
    new MutationObserver(() => {
      if (times.asked && !times.answered && document.querySelector('td.now b')) times.answered = performance.now();
    }).observe(document.body, { subtree: true, childList: true });
    Object.assign(window, { times });
  });
  await page.getByRole('button', GO).click();
  await expect(planner.figure('page.beside.wait')).toBeVisible();
  await expect(planner.figure('page.beside.wait', 'before')).toBeVisible();
  const times = await page.evaluate(() => (window as unknown as { times: Record<string, number> }).times);
  const answered = Math.round((times.answered ?? 0) - (times.asked ?? 0));
  const taps = await page.evaluate(() => Number(sessionStorage.getItem('taps')));
  expect(taps).toBeLessThanOrEqual(12);
  console.log(`${info.project.name}: seven questions, ${taps} taps; plan and rehearsal after ${answered} ms (goal: 1,000 ms)`);
  // Twenty times the goal: what a machine with much else to do keeps, and what is broken does not.
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBeLessThanOrEqual(20_000);

  // What the answer holds: before and now, finish, staff, call times, a picture, a text to paste.
  await planner.settled();
  const minutes = Number(await planner.figure('page.beside.wait').textContent());
  expect(minutes).toBeLessThanOrEqual(20);
  expect(Number(await planner.figure('page.beside.wait', 'before').textContent())).toBeGreaterThan(minutes);
  await expect(planner.figure('page.beside.done')).toHaveText(/^\d\d:\d\d$/);
  await expect(page.getByText(like('page.staff.lanes')).first()).toBeVisible();
  await expect(page.getByRole('img', { name: like('page.picture.told') })).toBeVisible();
  await expect(page.getByRole('link', { name: like('page.times.all') })).toBeVisible();
  await expect(page.getByRole('textbox', { name: say('page.copy.text') })).toHaveValue(/08:\d\d/);
});

test('from the first page to a pinned wave by keyboard alone', async ({ planner, page }) => {
  await planner.start();
  await planner.tabTo(page.getByRole('radio', { checked: true }).first());
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  const number = page.getByRole('textbox', { name: say('page.ask.number') });
  await planner.tabTo(number);
  await page.keyboard.press('ArrowUp');
  await expect(number).toHaveValue('4100');
  await planner.tabTo(page.getByRole('textbox', { name: say('page.ask.staff') }));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('28');
  await page.keyboard.press('Enter');
  await expect(planner.figure('page.beside.wait')).toBeVisible();

  await page.reload();
  await planner.settled();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: say('page.skip') })).toBeFocused();
  await page.keyboard.press('Enter');
  await planner.tabTo(page.getByRole('link', { name: say('page.part.timetable'), exact: true }));
  await page.keyboard.press('Enter');
  const wave = page.getByRole('button', { name: like('page.wave.told') }).nth(3);
  await expect(wave).toBeVisible();
  await planner.tabTo(wave);
  const before = await wave.locator('b').textContent();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(wave.locator('b')).not.toHaveText(before ?? '');
  await expect(page.getByRole('button', { name: like('page.wave.pinned') })).toHaveCount(1);
});

test('answers out of range are refused at their question, with what to do', async ({ planner, page }) => {
  await planner.start();
  await page.getByRole('textbox', { name: say('page.ask.number') }).fill('0');
  await page.getByRole('textbox', { name: say('page.ask.wait') }).fill('100000');
  await page.getByRole('textbox', { name: say('page.ask.staff') }).fill('');
  await page.getByRole('button', GO).click();
  const wrong = page.locator('fieldset').filter({ has: page.locator('li.error') });
  await expect(wrong).toHaveCount(3);
  for (const number of [2, 4, 7]) await expect(page.locator('fieldset').nth(number - 1).locator('li.error .mend')).not.toBeEmpty();
  await expect(page.getByRole('textbox', { name: say('page.ask.number') })).toBeFocused();
  expect(page.url()).not.toContain('#/plan');
});

test('forty thousand people and one helper: what it takes, and when it would end', async ({ planner, page }) => {
  await planner.start();
  await page.getByRole('textbox', { name: say('page.ask.number') }).fill('40000');
  await page.getByRole('textbox', { name: say('page.ask.staff') }).fill('1');
  await page.getByRole('button', GO).click();
  await expect(page.getByText(like('note.answer_staff_too_few'))).toBeVisible();
  await expect(page.getByText(like('mend.answer_staff_too_few'))).toBeVisible();
  // Who has read it may look at the plan all the same.
  await page.getByRole('button', { name: say('page.ask.anyway') }).click();
  await page.waitForURL(/#\/plan\//);
  await expect(planner.figure('page.beside.wait')).toBeVisible({ timeout: 60_000 });
});

test('the other language says the same, and stays', async ({ planner, page }) => {
  await planner.start('zh');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await picture(page, 'questions-zh');
  await page.getByRole('button', { name: say('page.ask.go', {}, 'zh') }).click();
  await planner.settled('zh');
  await expect(page.getByRole('heading', { name: say('page.staff.title', {}, 'zh') })).toBeVisible();
  await expect(page.getByRole('textbox', { name: say('page.copy.text', {}, 'zh') })).toHaveValue(/号通道/);
  await page.getByRole('combobox', { name: say('language.choose', {}, 'zh') }).selectOption('en');
  await expect(page.getByRole('heading', { name: say('page.staff.title') })).toBeVisible();
  await expect(page.getByRole('textbox', { name: say('page.copy.text') })).toHaveValue(/lane/);
  await page.reload();
  await expect(page.getByRole('heading', { name: say('page.staff.title') })).toBeVisible();
});
