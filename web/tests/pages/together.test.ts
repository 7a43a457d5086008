import { ask } from '../world/asking.ts';
import { look as sound } from '../world/sound.ts';
import { expect, test } from '../world/test.ts';
import { say } from '../world/words.ts';

test('two desks get to know each other by a card, and what one writes is read by the other', async ({ planner }, info) => {
  await planner.start();
  const page = planner.page;
  const at = (language: string, of: string) => `${planner.host.address}?lang=${language}#/together/${encodeURIComponent(of)}`;
  const made = await ask<{ id: string }>(page, 'POST', 'places', { parent: null, kind: 'city', name: `Example City ${info.workerIndex}` });
  const court = (await ask<{ id: string }>(page, 'POST', 'communities', { name: `Example Court ${info.workerIndex}` })).id;
  const city = `in:${made.id}`;
  const card = (of: string) => ask<{ card: string }>(page, 'GET', `parties/${of}`).then((seen) => seen.card);
  await ask(page, 'POST', `parties/${court}`, { kind: 'meet', card: await card(city), shares: ['words'] });

  await page.goto(at('en', city));
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Example City');
  // What is no card is refused with what to do.
  await page.getByLabel(say('page.together.meet.card')).fill('nothing');
  await page.getByRole('button', { name: say('page.together.meet.do') }).click();
  await expect(page.getByRole('alert')).toContainText(say('problem_mend.party_card_unreadable'));
  await page.getByLabel(say('page.together.meet.card')).fill(await card(court));
  await page.getByRole('button', { name: say('page.together.meet.do') }).click();
  await expect(page.getByRole('heading', { level: 3 })).toContainText('Example Court');

  // Nothing goes anywhere before somebody is chosen.
  await page.getByLabel(say('page.together.text'), { exact: true }).fill('two samplers from seven on');
  await expect(page.getByRole('button', { name: say('page.together.write') })).toBeDisabled();
  await page.getByRole('combobox', { name: say('page.together.to'), exact: true }).selectOption({ index: 1 });
  await page.getByRole('button', { name: say('page.together.write') }).click();
  await expect(page.getByText('two samplers from seven on')).toBeVisible();
  await sound(page, 'together-city');

  for (const language of ['en', 'es', 'zh', 'zh-Hant']) {
    await page.goto(at(language, court));
    await expect(page.getByText('two samplers from seven on').first()).toBeVisible({ timeout: 30_000 });
    await sound(page, `together-${language}`);
  }
  await page.goto(at('en', court));
  await page.getByRole('button', { name: say('page.together.read.do') }).first().click();
  await expect(page.getByRole('button', { name: say('page.together.read.do') })).toHaveCount(0);
  await page.goto(at('en', city));
  await expect(page.getByText(/^✓/)).toBeVisible({ timeout: 30_000 });
});
