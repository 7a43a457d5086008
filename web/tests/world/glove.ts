import type { Locator } from '@playwright/test';

/** Two taps of which the second comes before anything has changed, however fast the machine is. */
export async function twice(button: Locator): Promise<void> {
  await button.evaluate((of: HTMLElement) => {
    of.click();
    of.click();
  });
}
