import { expect, test } from '../world/test.ts';
import type { Planner } from '../world/planner.ts';
import { like, say } from '../world/words.ts';

/** Two people have the same scenario open, and both move a slider of the same file. */
async function both(first: Planner, another: () => Promise<Planner>): Promise<Planner> {
  await first.example('walk-in-point');
  await first.part('adjust');
  const second = await another();
  await second.page.goto(first.page.url());
  // Both have the same version before anybody writes.
  await expect(slider(second)).toBeVisible();
  await lanes(first, 'ArrowRight');
  await expect(first.page.getByText(say('page.saved'), { exact: true })).toBeVisible();
  await lanes(second, 'ArrowLeft');
  await expect(second.page.getByRole('alert').getByRole('heading', { name: say('page.conflict.title') })).toBeVisible();
  return second;
}

function slider(planner: Planner) {
  return planner.page.getByRole('slider', { name: say('page.adjust.lanes'), exact: true });
}

/** Moves the lanes and waits until that is sent. */
async function lanes(planner: Planner, key: string): Promise<void> {
  await expect(slider(planner)).toBeVisible();
  const sent = planner.page.waitForResponse((response) => response.request().method() === 'PUT');
  await slider(planner).press(key);
  await sent;
}

/** What the server has, as any other browser sees it. */
async function kept(planner: Planner, id: string): Promise<string> {
  const answer = await planner.page.request.get(`${planner.host.address}api/v1/scenarios/${id}/view`);
  return String((await answer.json()).site.lanes);
}

test('who keeps their own writes over the other, who is told', async ({ planner, another }) => {
  const second = await both(planner, another);
  const [mine, id] = [await slider(second).inputValue(), second.id];
  expect(mine).not.toBe(await slider(planner).inputValue());
  await second.page.getByRole('button', { name: say('page.conflict.mine') }).click();
  await second.saved();
  await expect.poll(() => kept(second, id)).toBe(mine);
  // The other is not told until they write; then they choose, too.
  await lanes(planner, 'ArrowRight');
  await expect(planner.page.getByRole('button', { name: say('page.conflict.theirs') })).toBeVisible();
});

test('who takes the other version can still bring their own back', async ({ planner, another }) => {
  const second = await both(planner, another);
  const [mine, theirs] = [await slider(second).inputValue(), await slider(planner).inputValue()];
  await second.page.getByRole('button', { name: say('page.conflict.theirs') }).click();
  await expect(slider(second)).toHaveValue(theirs);
  await second.page.getByRole('button', { name: say('page.undo') }).click();
  await expect(slider(second)).toHaveValue(mine);
});

test('who saves a copy has both', async ({ planner, another }) => {
  const second = await both(planner, another);
  const [mine, id] = [await slider(second).inputValue(), second.id];
  const theirs = await slider(planner).inputValue();
  await second.page.getByRole('button', { name: say('page.conflict.copy') }).click();
  await expect.poll(() => second.id).not.toBe(id);
  expect(await kept(second, id)).toBe(theirs);
  await expect.poll(() => kept(second, second.id)).toBe(mine);
});

test('changes of different files are brought together without a question', async ({ planner, another }) => {
  await planner.example('sunshine-garden');
  await planner.part('adjust');
  const second = await another();
  await second.page.goto(planner.page.url());
  await expect(slider(second)).toBeVisible();
  await lanes(planner, 'ArrowRight');
  const five = await slider(planner).inputValue();
  await second.part('roll');
  const sent = second.page.waitForResponse((response) => response.status() === 412);
  await second.page.locator('input[type=file]').setInputFiles({ name: 'roll.csv', mimeType: 'text/csv', buffer: Buffer.from('楼栋,单元,室号,姓名\n1,1,101,示例甲\n') });
  await sent;
  await second.saved();
  await expect(second.page.getByText(say('page.roll.counted', { entrances: 1, households: 1, people: 1 }))).toBeVisible();
  expect(await kept(second, second.id)).toBe(five);
});

test('quick edits in a row are written one after the other, and never contradict each other', async ({ planner, page }) => {
  await planner.example('walk-in-point');
  await planner.part('adjust');
  await expect(slider(planner)).toBeVisible();
  const answers: number[] = [];
  let under_way = 0;
  let most = 0;
  await page.route('**/api/v1/scenarios/*', async (route) => {
    if (route.request().method() !== 'PUT') return route.continue();
    most = Math.max(most, ++under_way);
    // A slow line: the next edit is due before this one is written.
    await new Promise((go) => setTimeout(go, 2000));
    const answer = await route.fetch();
    answers.push(answer.status());
    under_way -= 1;
    await route.fulfill({ response: answer });
  });
  const sent = page.waitForRequest((request) => request.method() === 'PUT');
  await slider(planner).press('ArrowRight');
  await sent;
  await slider(planner).press('ArrowRight');
  const mine = await slider(planner).inputValue();
  await expect.poll(() => answers.length, { timeout: 30_000 }).toBe(2);
  await planner.saved();
  expect(answers).toEqual([200, 200]);
  expect(most).toBe(1);
  await expect(page.getByRole('heading', { name: say('page.conflict.title') })).toHaveCount(0);
  expect(await kept(planner, planner.id)).toBe(mine);
});

test('who closes the tab while something is not kept is asked first', async ({ planner, another }) => {
  const second = await both(planner, another);
  const asked: string[] = [];
  second.page.on('dialog', async (dialog) => {
    asked.push(dialog.type());
    await dialog.dismiss();
  });
  await second.page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(['beforeunload']);
  // Elsewhere in the same tab the choice waits.
  await second.part('review');
  await expect(second.page.getByRole('button', { name: say('page.conflict.mine') })).toBeVisible();
  await second.page.getByRole('button', { name: say('page.conflict.mine') }).click();
  await second.page.getByRole('link', { name: like('page.review.plan') }).click();
  await second.saved();
  await second.page.close({ runBeforeUnload: true });
  await expect.poll(() => second.page.isClosed()).toBe(true);
  expect(asked).toEqual(['beforeunload']);
});
