import type { Page } from '@playwright/test';
import { faults } from '../world/sound.ts';
import { expect, test, Volunteer } from '../world/volunteer.ts';
import { UNSAID } from '../world/words.ts';

/** What a gloved thumb would miss. */
function small(page: Page): Promise<string[]> {
  return page.evaluate(() => [...document.querySelectorAll('button, select, input')]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ element, box }) => box.width > 0 && (box.height < (element.matches('.main') ? 64 : 48) || box.width < 48))
    .map(({ element, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${element.outerHTML.slice(0, 100)}`));
}

for (const [colours, language, width, height] of [['light', 'zh', 360, 640], ['dark', 'en', 390, 844], ['light', 'es', 390, 844], ['dark', 'zh-Hant', 390, 844]] as const) {
  test(`every screen of the station, ${colours}, ${language}, ${width} × ${height}`, async ({ page, root, server }) => {
    await page.emulateMedia({ colorScheme: colours });
    await page.setViewportSize({ width, height });
    const volunteer = new Volunteer(page, root, language);
    const look = async (name: string) => {
      expect.soft(await faults(page, { enhanced: true }), name).toEqual([]);
      expect.soft(await small(page), name).toEqual([]);
      expect.soft(await page.locator('body').innerText(), name).not.toMatch(UNSAID);
    };
    await volunteer.join(server.as('secretary'));
    await look('registration');
    await volunteer.digits('04');
    await look('doors');
    await volunteer.tapLike(/^1-104/);
    await look('household');
    await volunteer.tap('check_in', { number: 3 });
    await volunteer.tap('stranger');
    await volunteer.tap('guest.carer');
    await look('newcomer');
    // The one thing to do next is in sight without scrolling.
    await expect(page.getByRole('button', { name: volunteer.say('check_in', { number: 1 }), exact: true })).toBeInViewport({ ratio: 1 });
    await volunteer.tap('back');
    await volunteer.tap('menu');
    await look('menu');
    await volunteer.tap('role.sampler');
    await volunteer.tap('seat.done');
    await look('tube');
    await volunteer.scan('89VM0-0001-ZT9T-F');
    await volunteer.tapLike(/^Person/);
    await look('serving');
    await volunteer.scan('89VM0-0001-ZT9T-E');
    await look('refusal');
    await volunteer.tap('understood');
    for (const role of ['caller', 'order', 'tally', 'box', 'courier', 'lab', 'recall']) {
      await volunteer.role(role);
      await look(role);
    }
  });
}
