import { expect, picture, test } from '../world/test.ts';
import { like, say } from '../world/words.ts';

/** A roll with one bad row. Nobody of these exists. */
const ROLL = '楼栋,单元,室号,姓名,备注\n1,1,101,示例甲,高龄\n1,1,102,示例乙,学生\n1,2,12月2日,示例丙,\n';

const zh = (key: string, gaps = {}) => say(key, gaps, 'zh');

test.skip(!process.env.SHOUHU_PICTURES, 'pictures are taken when they are asked for');

test("the guide's pictures in Chinese; those in English are taken by the tests of each page", async ({ planner, page }) => {
  test.setTimeout(300_000);
  await planner.example('sunshine-garden', 'zh');
  await planner.settled('zh');
  await picture(page, 'plan-zh');

  await planner.part('adjust', 'zh');
  await expect(page.getByRole('slider', { name: zh('page.adjust.lanes'), exact: true })).toBeVisible();
  await picture(page, 'adjust-zh');

  await planner.part('timetable', 'zh');
  const wave = page.getByRole('button', { name: like('page.wave.told', 'zh') });
  await wave.nth(8).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('button', { name: like('page.wave.pinned', 'zh') })).toHaveCount(1);
  await expect(page.getByText(zh('page.timetable.busy'))).toHaveCount(0, { timeout: 40_000 });
  await picture(page, 'timetable-zh');

  await planner.part('site', 'zh');
  await expect(page.getByRole('button', { name: zh('page.site.post', { station: zh('station.registration'), lane: 1 }), exact: true })).toBeVisible();
  await picture(page, 'site-zh');

  await planner.part('board', 'zh');
  await page.getByRole('radio', { name: zh('page.board.both') }).check({ timeout: 40_000 });
  await page.getByRole('slider', { name: zh('page.board.seek') }).fill('60');
  const before = page.getByRole('article', { name: zh('policy.broadcast') });
  const findings = before.getByRole('heading', { name: zh('page.board.findings') }).locator('xpath=..').getByRole('listitem');
  await expect(findings.first()).toContainText(/^\d\d:\d\d/, { timeout: 40_000 });
  await picture(page, 'board-zh');
  await page.getByRole('radio', { name: zh('policy.waves') }).check();
  await page.getByRole('link', { name: zh('page.board.view.screen'), exact: true }).click();
  await expect(page.getByRole('button', { name: zh('page.board.screen.close') })).toBeVisible();
  await picture(page, 'screen-zh');
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: zh('page.board.plan') }).click();
  await planner.part('review', 'zh');
  await page.getByRole('button', { name: like('page.review.try.slow', 'zh') }).click();
  await expect(page.getByRole('heading', { name: zh('page.review.learned') })).toBeVisible({ timeout: 60_000 });
  await picture(page, 'review-zh');

  await page.getByRole('link', { name: zh('page.review.plan') }).click();
  await planner.part('roll', 'zh');
  await page.locator('input[type=file]').setInputFiles({ name: '花名册.csv', mimeType: 'text/csv', buffer: Buffer.from(ROLL) });
  await expect(page.getByText(like('page.roll.refused', 'zh'))).toBeVisible();
  await picture(page, 'roll-zh');
});
