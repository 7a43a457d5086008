const NAME = 'shouhu-station';

/**
 * Holds the shift for this tab alone; false if another tab has it. `lost` is called when another tab takes it over.
 * Without locks (no secure context) the storage itself refuses the second writer.
 */
export function holdAlone(take: boolean, lost: () => void): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const options: LockOptions = take ? { steal: true } : { ifAvailable: true };
    navigator.locks
      .request(NAME, options, (lock) => {
        resolve(lock !== null);
        return lock ? new Promise<never>(() => undefined) : undefined;
      })
      .catch(lost);
  });
}
