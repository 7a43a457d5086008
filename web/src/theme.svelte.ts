const KEPT = 'shouhu.theme';
type Chosen = 'light' | 'dark';

/** Light or dark: as the system says, until a person chooses. */
class Theme {
  chosen = $state<Chosen | null>(null);

  open(): void {
    const kept = localStorage.getItem(KEPT);
    if (kept === 'light' || kept === 'dark') this.#set(kept);
  }

  get dark(): boolean {
    return (this.chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  }

  toggle(): void {
    const next: Chosen = this.dark ? 'light' : 'dark';
    localStorage.setItem(KEPT, next);
    this.#set(next);
  }

  #set(next: Chosen): void {
    this.chosen = next;
    document.documentElement.dataset.theme = next;
  }
}

export const theme = new Theme();
