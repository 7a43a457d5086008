/** From then on the gate opens without a network. Needs a secure context; without one it works as long as it is open. */
export async function install(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  try {
    await navigator.serviceWorker.register(new URL('./gate-sw.js', document.baseURI), { scope: './gate', updateViaCache: 'none' });
  } catch {
    // What is done is kept all the same, until the page is closed.
  }
}
