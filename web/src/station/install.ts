/** From then on the station opens without a network. Needs a secure context; without one it works as long as it is open. */
export async function install(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  try {
    await navigator.serviceWorker.register(new URL('./sw.js', document.baseURI), { updateViaCache: 'none' });
  } catch {
    // The station works without it, until it is closed.
  }
}
