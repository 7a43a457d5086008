import { expect, test as base, type Page } from '@playwright/test';
import { createHmac } from 'node:crypto';
import { twice } from '../world/glove.ts';
import { openToOthers, type OpenHost } from '../world/hosts.ts';
import { faults, keep, look } from '../world/sound.ts';
import { like, say, type Language } from '../world/words.ts';

/** Each test has a server of its own: a first link works once. */
const test = base.extend<{ open: OpenHost }>({
  open: async ({}, use) => {
    const host = await openToOthers();
    await use(host);
    await host.close();
  },
});

const PASSWORD = 'four words of mine';

async function fill(page: Page, language: Language, login: string, password: string): Promise<void> {
  await page.getByLabel(say('page.access.login_name', {}, language)).fill(login);
  await page.getByLabel(say('page.access.password', {}, language)).fill(password);
}

/** Makes the first account; the start page follows. */
async function welcome(page: Page, { first }: OpenHost, language: Language = 'en'): Promise<void> {
  await page.goto(first.replace('#', `?lang=${language}#`));
  await fill(page, language, 'anna', PASSWORD);
  await page.getByRole('button', { name: say('page.access.welcome.make', {}, language) }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('page.start.title', {}, language));
}

test('whoever is not signed in is led from the start page to signing in', async ({ page, open }) => {
  await page.goto(open.address);
  await page.waitForURL(/\/login$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('page.access.sign_in'));
});

test('the first link makes an account once, and its secret leaves the address bar', async ({ page, open, browser }) => {
  await page.goto(open.first);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('page.access.welcome'));
  expect(page.url()).toBe(`${open.address}welcome`);
  await welcome(page, open);
  const other = await (await browser.newContext()).newPage();
  await other.goto(open.first);
  await fill(other, 'en', 'eve', PASSWORD);
  await other.getByRole('button', { name: say('page.access.welcome.make') }).click();
  await expect(other.getByRole('alert')).toHaveText(like('problem.link_unknown'));
  await other.context().close();
});

test('signing out, a wrong password and signing in again', async ({ page, open }) => {
  await welcome(page, open);
  await page.goto(`${open.address}accounts`);
  await expect(page.getByRole('listitem').getByText('anna').first()).toBeVisible();
  await page.getByRole('button', { name: say('page.access.sign_out') }).click();
  await page.waitForURL(/\/login$/);
  await fill(page, 'en', 'anna', 'not the right one');
  await page.getByRole('button', { name: say('page.access.sign_in') }).click();
  await expect(page.getByRole('alert')).not.toBeEmpty();
  await fill(page, 'en', 'anna', PASSWORD);
  await page.getByRole('button', { name: say('page.access.sign_in') }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('page.start.title'));
});

test('a password is changed, and the old one opens nothing', async ({ page, open }) => {
  await welcome(page, open);
  await page.getByRole('link', { name: say('page.access.accounts') }).click();
  const change = async (old: string, fresh: string): Promise<void> => {
    await page.getByLabel(say('page.access.password.old')).fill(old);
    await page.getByLabel(say('page.access.password.new')).fill(fresh);
    await page.getByRole('button', { name: say('page.access.password.make') }).click();
  };
  await change(PASSWORD, 'qwertyuiop');
  await expect(page.getByText(like('problem.password_usual'))).toBeVisible();
  await change(PASSWORD, 'other words of mine');
  await expect(page.getByText(say('page.access.password.done'))).toBeVisible();
  await page.getByRole('button', { name: say('page.access.sign_out') }).click();
  await page.waitForURL(/\/login(\?|$)/);
  await fill(page, 'en', 'anna', PASSWORD);
  await page.getByRole('button', { name: say('page.access.sign_in') }).click();
  await expect(page.getByRole('alert')).toHaveText(like('problem.login_wrong'));
  await fill(page, 'en', 'anna', 'other words of mine');
  await page.getByRole('button', { name: say('page.access.sign_in') }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('page.start.title'));
});

test('an account is removed, and its owner is signed out', async ({ page, open, browser }) => {
  await welcome(page, open);
  await page.goto(`${open.address}accounts`);
  await page.getByRole('button', { name: say('page.access.invite.make') }).click();
  const link = (await page.locator('code').textContent()) ?? '';
  const other = await (await browser.newContext()).newPage();
  await other.goto(link.replace(/^.*\/welcome/, `${open.address}welcome`));
  await fill(other, 'en', 'ben', PASSWORD);
  await other.getByRole('button', { name: say('page.access.welcome.make') }).click();
  await expect(other.getByRole('button', { name: say('page.access.sign_out') })).toBeVisible();
  await page.reload();
  // A second tap would make a second link, which ends the first.
  let links = 0;
  page.on('request', (request) => (links += Number(/accounts\/[^/]+\/link$/.test(request.url()))));
  await twice(page.getByRole('button', { name: say('page.access.renew.of', { login: 'ben' }) }));
  await expect(page.getByText(say('page.access.renew.lead'))).toBeVisible();
  expect(links).toBe(1);
  page.once('dialog', (dialog) => void dialog.accept());
  await page.getByRole('button', { name: say('page.access.remove.of', { login: 'ben' }) }).click();
  await expect(page.getByText('ben', { exact: true })).toHaveCount(0);
  await other.reload();
  await other.waitForURL(/\/login(\?|$)/);
  await other.context().close();
});

/** What an app shows (RFC 6238), so many seconds from now. */
function codeOf(secret: string, later = 0): string {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigInt64BE(BigInt(Math.floor((Date.now() / 1000 + later) / 30)));
  const hash = createHmac('sha1', key).update(step).digest();
  const from = hash[19]! & 15;
  return String((hash.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('a second factor is set up by a picture, asked for, and a recovery code stands in for it', async ({ page, open }) => {
  await welcome(page, open);
  await page.goto(`${open.address}accounts`);
  const section = page.locator('section').filter({ has: page.getByRole('heading', { name: say('page.access.factor') }) });
  await section.getByLabel(say('page.access.password')).fill(PASSWORD);
  await section.getByRole('button', { name: say('page.access.factor.begin') }).click();
  await expect(section.getByAltText(say('page.access.factor.picture'))).toBeVisible();
  const secret = (await section.locator('code').textContent()) ?? '';
  await keep(page, 'factor-picture');
  await section.getByLabel(say('page.access.factor.code')).fill(codeOf(secret));
  await section.getByRole('button', { name: say('page.access.factor.add') }).click();
  await expect(section.locator('code')).toHaveCount(8);
  await expect(section.getByText(say('page.access.factor.on'))).toBeVisible();
  await look(page, 'factor-recovery');
  const recovery = (await section.locator('code').first().textContent()) ?? '';
  const signIn = async (code: () => string): Promise<void> => {
    await page.getByRole('button', { name: say('page.access.sign_out') }).click();
    await page.waitForURL(/\/login(\?|$)/);
    await fill(page, 'en', 'anna', PASSWORD);
    await page.getByRole('button', { name: say('page.access.sign_in') }).click();
    await page.getByLabel(say('page.access.factor.code.any')).fill('000000');
    await page.getByRole('button', { name: say('page.access.sign_in') }).click();
    await expect(page.getByRole('alert')).toHaveText(like('problem.code_wrong'));
    await page.getByLabel(say('page.access.factor.code.any')).fill(code());
    await page.getByRole('button', { name: say('page.access.sign_in') }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('page.start.title'));
  };
  // The next one: the one before it was used to set it up.
  await signIn(() => codeOf(secret, 30));
  await signIn(() => recovery);
  await page.goto(`${open.address}accounts`);
  await expect(page.getByText(say('page.access.log.what.recovery_used'))).toBeVisible();
  await keep(page, 'factor-log');
});

test('whoever plans for several places chooses one, and hands a scenario on', async ({ page, open }) => {
  await welcome(page, open);
  await expect(page.getByLabel(say('page.planning'))).toHaveCount(0);
  const make = (name: string) => page.evaluate((named) => fetch('/api/v1/communities', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: named }) }).then((answer) => answer.status), name);
  expect([await make('Willow Court'), await make('Plum Court')]).toEqual([201, 201]);
  await page.reload();
  const chosen = page.getByRole('combobox', { name: say('page.planning') }).first();
  await expect(chosen).toHaveValue('all');
  await keep(page, 'planning');
  await chosen.selectOption({ label: 'Willow Court' });
  await page.getByRole('button', { name: say('page.example.flu-clinic') }).click();
  await page.waitForURL(/#\/plan\//);
  await page.goto(open.address);
  const of = page.getByRole('combobox', { name: say('page.planning.of', { name: say('page.example.flu-clinic') }) });
  await expect(of.locator('option:checked')).toHaveText('Willow Court');
  const handed = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.ok());
  await of.selectOption({ label: 'Plum Court' });
  await handed;
  await page.reload();
  await expect(of.locator('option:checked')).toHaveText('Plum Court');
  await keep(page, 'planning-hand-on');
  // What is refused stays where it is, and the field says so.
  await page.route('**/api/v1/scenarios/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
  await of.selectOption({ label: 'Willow Court' });
  await expect(page.getByRole('alert')).not.toBeEmpty();
  await expect(of.locator('option:checked')).toHaveText('Plum Court');
  expect.soft(await faults(page)).toEqual([]);
});

test('signing out takes half-typed sheets along', async ({ page, open }) => {
  await welcome(page, open);
  const sheets = (): Promise<string[]> => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('shouhu.shift.')));
  const row = { row: 1, time: '8:10', door: '1-101', people: '', green: '', item: '' };
  await page.evaluate((rows) => localStorage.setItem('shouhu.shift.x', JSON.stringify({ rows })), [row]);
  page.once('dialog', (dialog) => void dialog.dismiss());
  await page.getByRole('button', { name: say('page.access.sign_out') }).click();
  expect(await sheets()).toHaveLength(1);
  page.once('dialog', (dialog) => void dialog.accept());
  await page.getByRole('button', { name: say('page.access.sign_out') }).click();
  await page.waitForURL(/\/login(\?|$)/);
  expect(await sheets()).toHaveLength(0);
});

for (const language of ['en', 'zh'] as const) {
  test(`signing in, welcome and accounts on a phone, ${language}: no serious fault, nothing scrolls sideways`, async ({ page, open }) => {
    await page.setViewportSize({ width: 320, height: 700 });
    const visit = async (name: string): Promise<void> => {
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await look(page, `${name}-${language}`);
    };
    await page.goto(`${open.address}login?lang=${language}`);
    await visit('login');
    await fill(page, language, 'nobody', 'nothing at all');
    await page.getByRole('button', { name: say('page.access.sign_in', {}, language) }).click();
    await expect(page.getByRole('alert')).not.toBeEmpty();
    await visit('login-wrong');
    await page.goto(open.first.replace('#', `?lang=${language}#`));
    await visit('welcome');
    await welcome(page, open, language);
    await page.goto(`${open.address}accounts?lang=${language}`);
    await expect(page.getByRole('listitem').getByText('anna').first()).toBeVisible();
    await page.getByRole('button', { name: say('page.access.invite.make', {}, language) }).click();
    await expect(page.locator('code')).toHaveText(/welcome#/);
    await visit('accounts');
  });
}
