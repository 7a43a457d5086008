import { expect, type Page } from '@playwright/test';

/** As the pages ask. */
export async function ask<T>(page: Page, method: string, path: string, content?: unknown): Promise<T> {
  const [status, text] = await page.evaluate(async ([method, path, body]) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`/api/v1/${path}`, { method, headers, ...(body ? { body } : {}) });
    return [answer.status, await answer.text()] as const;
  }, [method, path, content === undefined ? '' : JSON.stringify(content)] as const);
  expect(status, `${path}: ${text}`).toBeLessThan(300);
  return (text ? JSON.parse(text) : null) as T;
}
