import type { Page } from '@playwright/test';
import { ask } from '../world/asking.ts';
import { look as sound } from '../world/sound.ts';
import { street } from '../world/street.ts';
import { expect, test } from '../world/test.ts';
import { say, UNSAID, type Language } from '../world/words.ts';

async function open(page: Page, link: string, language: Language): Promise<void> {
  const address = new URL(link);
  address.searchParams.set('lang', language);
  const answered = page.waitForResponse((response) => response.url().includes('/mine/neighbours?'));
  // Another's link in the same window is a change behind the hash alone.
  await page.goto(address.href);
  await answered;
}

/** The page is sound, and no word of it is missing. */
async function look(page: Page, name: string): Promise<void> {
  await sound(page, name);
  expect.soft(await page.locator('main').innerText(), name).not.toMatch(UNSAID);
}

for (const language of ['en', 'es', 'zh', 'zh-Hant'] as const) {
  test(`two neighbours come together, and a voice is answered (${language})`, async ({ planner, another }) => {
    const words = (key: string, gaps: Record<string, string | number> = {}) => say(key, gaps, language);
    await planner.start(language);
    const desk = planner.page;
    const { community, links } = await street(desk);
    const { page: own } = await another();
    await own.setViewportSize({ width: 390, height: 844 });
    const base = new URL(planner.host.address);
    const link = (who: number) => new URL(links[who] ?? '', base).href;
    const tap = (name: string, exact = true) => own.getByRole('button', { name, exact }).first().click();
    const visit = async (who: number, screen: string) => {
      await open(own, link(who), language);
      await tap(words(`page.mine.${screen}`), false);
    };

    // A grandmother asks: three taps and a few words.
    await open(own, link(0), language);
    await look(own, `neighbours-own-${language}`);
    await tap(words('page.mine.time'), false);
    await look(own, `neighbours-time-${language}`);
    await tap(words('page.mine.back'), false);
    await tap(words('page.mine.need'), false);
    await tap(words('page.mine.need.new'));
    await look(own, `neighbours-ask-${language}`);
    await tap(words('page.mine.kind.visit'));
    await tap(words('page.mine.subject.dialysis'));
    await look(own, `neighbours-hour-${language}`);
    await own.getByLabel(words('page.mine.ask.hour')).selectOption({ index: 3 });
    await own.getByLabel(words('page.mine.ask.length')).selectOption(words('page.mine.ask.hours', { count: 4 }));
    await own.getByLabel(words('page.mine.ask.meet')).selectOption(words('page.mine.meet.hospital'));
    await tap(words('page.mine.ask.next'));
    await own.getByRole('textbox').fill('My mother, <b>three times</b> a week');
    await look(own, `neighbours-words-${language}`);
    await tap(words('page.mine.ask.need.do'));
    await expect(own.getByText('My mother, <b>three times</b> a week')).toBeVisible();
    await expect(own.getByText(words('exchange.own.need.open'))).toBeVisible();
    await expect(own.locator('article').first()).toContainText(words('page.mine.meet.hospital'));

    // A neighbour offers.
    await visit(1, 'help');
    await tap(words('page.mine.help.new'));
    await tap(words('page.mine.kind.visit'));
    await tap(words('page.mine.subject.dialysis'));
    await tap(words('page.mine.ask.offer.later'));
    await tap(words('page.mine.ask.offer.do'));
    await expect(own.getByText(words('exchange.own.offer.open'))).toBeVisible();
    // Another would look after children.
    await visit(2, 'help');
    await tap(words('page.mine.help.new'));
    await tap(words('page.mine.kind.childcare'));
    await tap(words('page.mine.ask.offer.later'));
    await tap(words('page.mine.ask.offer.do'));
    await expect(own.getByText(words('exchange.own.offer.flagged'))).toBeVisible();

    // The desk: what is urgent stands first, and the pair with its reasons.
    await desk.goto(`${planner.host.address}?lang=${language}#/neighbours/${community}`);
    await expect(desk.getByRole('heading', { level: 1 })).toHaveText(words('page.neighbours'));
    await expect(desk.getByText(words('exchange.near.nobody'))).toBeVisible();
    await expect(desk.getByText(words('exchange.why.meet', { place: words('exchange.meet.hospital') }))).toBeVisible();
    await expect(desk.getByText(words('page.neighbours.flagged'))).toBeVisible();
    await look(desk, `neighbours-desk-${language}`);
    await desk.setViewportSize({ width: 390, height: 844 });
    await look(desk, `neighbours-desk-narrow-${language}`);
    await desk.getByRole('button', { name: words('page.neighbours.propose'), exact: true }).click();
    await expect(desk.getByText(words('exchange.near.asked'))).toBeVisible();
    await desk.getByRole('button', { name: words('page.neighbours.act.word_yes') }).first().click();
    await expect(desk.getByText(words('page.neighbours.flagged'))).toHaveCount(0);

    // Nobody is told before both say yes.
    await visit(1, 'help');
    await expect(own.getByText('Example A')).toHaveCount(0);
    await look(own, `neighbours-asked-${language}`);
    await tap(words('page.mine.act.accept'));
    await expect(own.getByText(words('exchange.own.help.waits', { way: words('exchange.own.way.house') }))).toBeVisible();
    await visit(0, 'need');
    await expect(own.getByText('Example B')).toHaveCount(0);
    await tap(words('page.mine.act.accept'));
    await expect(own.getByText('Example B')).toBeVisible();
    await expect(own.getByRole('link', { name: '13800000002' })).toBeVisible();
    await look(own, `neighbours-agreed-${language}`);
    await tap(words('page.mine.act.done'));
    await visit(1, 'help');
    await tap(words('page.mine.act.done'));
    await expect(own.getByText(words('page.mine.help.thanks', { count: 1 }))).toBeVisible();

    // A voice.
    await visit(2, 'voice');
    await tap(words('page.mine.voice.praise'));
    await own.getByRole('textbox').fill('Thank you');
    await tap(words('page.mine.voice.send'));
    await expect(own.getByText('Thank you')).toBeVisible();
    await desk.getByRole('button', { name: words('page.neighbours.again') }).click();
    await desk.getByRole('textbox').fill('And thank you');
    await desk.getByRole('button', { name: words('page.neighbours.answer.do'), exact: true }).click();
    await expect(desk.getByText(words('page.neighbours.near.none'))).toBeVisible();
    await tap(words('page.mine.again'));
    await expect(own.getByText('And thank you')).toBeVisible();
    await look(own, `neighbours-voice-${language}`);
  });

  test(`a volunteer carries what no neighbour offers, and a question is answered in the notice (${language})`, async ({ planner, another }) => {
    const words = (key: string, gaps: Record<string, string | number> = {}) => say(key, gaps, language);
    await planner.start(language);
    const desk = planner.page;
    const { community, links } = await street(desk);
    const until = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    const { link: code } = await ask<{ link: string }>(desk, 'POST', `communities/${community}/volunteers/code`, { kept_until: until });
    const cells = { name: 'Example V', phone: '13800000009', skills: say('exchange.subject.dialysis', {}, language) };
    const { link: page } = await ask<{ link: string }>(desk, 'POST', `communities/${community}/volunteers/join`, { code: code.split('/').at(-1), cells });
    const { page: own } = await another();
    await own.setViewportSize({ width: 390, height: 844 });
    const base = new URL(planner.host.address);
    const visit = async (who: number, screen: string) => {
      await open(own, new URL(links[who] ?? '', base).href, language);
      await own.getByRole('button', { name: words(`page.mine.${screen}`) }).first().click();
    };
    const tap = (name: string) => own.getByRole('button', { name, exact: true }).first().click();

    // A lesson is for a child unless somebody ticks that it is not.
    await visit(0, 'need');
    await tap(words('page.mine.need.new'));
    await tap(words('page.mine.kind.lessons'));
    await tap(words('page.mine.subject.maths'));
    await tap(words('page.mine.ask.next'));
    await expect(own.getByLabel(words('page.mine.ask.grown_up'))).not.toBeChecked();
    await look(own, `neighbours-lesson-${language}`);
    await tap(words('page.mine.ask.need.do'));
    await expect(own.getByText(words('page.mine.child'))).toBeVisible();
    // Medicine, which nobody offers.
    await tap(words('page.mine.need.new'));
    await tap(words('page.mine.kind.medicine'));
    await tap(words('page.mine.ask.need.urgent'));
    await own.getByRole('textbox').fill('Two boxes');
    await tap(words('page.mine.ask.need.do'));
    await visit(1, 'voice');
    await tap(words('page.mine.voice.question'));
    await own.getByRole('textbox').fill('May I sit?');
    await look(own, `neighbours-question-${language}`);
    await tap(words('page.mine.voice.send'));
    await expect(own.getByText('May I sit?')).toBeVisible();

    await desk.goto(`${planner.host.address}?lang=${language}#/neighbours/${community}`);
    const medicine = desk.locator('article').filter({ hasText: 'Two boxes' }).first();
    await medicine.getByRole('combobox').selectOption({ index: 1 });
    await look(desk, `neighbours-carriers-${language}`);
    await desk.setViewportSize({ width: 390, height: 844 });
    await look(desk, `neighbours-carriers-narrow-${language}`);
    await medicine.getByRole('button', { name: words('page.neighbours.carrier.do') }).click();
    await expect(desk.getByText(words('page.neighbours.carrier', { name: 'Example V' })).first()).toBeVisible();
    const question = desk.locator('form').filter({ hasText: 'May I sit?' });
    await question.getByLabel(words('page.neighbours.answer'), { exact: true }).fill('Yes, on the chairs.');
    await question.getByRole('button', { name: words('page.neighbours.answer.do'), exact: true }).click();
    await expect(desk.getByText(words('page.neighbours.questions'))).toHaveCount(0);

    const { page: carries } = await another();
    await carries.setViewportSize({ width: 390, height: 844 });
    const address = new URL(page);
    await carries.goto(`${base.origin}${address.pathname}?lang=${language}${address.hash}`);
    await expect(carries.getByText('12-2-301')).toBeVisible();
    await look(carries, `neighbours-errand-${language}`);
    await carries.getByRole('button', { name: words('page.volunteer.errand.done') }).click();
    await expect(carries.getByText(words('page.volunteer.errand.confirming'))).toBeVisible();
    await visit(0, 'need');
    await expect(own.getByText(words('page.mine.carrier', { name: 'Example V' }))).toBeVisible();
    await look(own, `neighbours-given-${language}`);
    await tap(words('page.mine.act.done'));
    await expect(own.getByText(words('exchange.own.need.done'))).toBeVisible();
    await visit(1, 'voice');
    await expect(own.getByText('Yes, on the chairs.')).toBeVisible();
  });
}
