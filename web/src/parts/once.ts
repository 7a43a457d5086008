/** Sent again after its answer was lost, an act has the id that was drawn for it the first time: the server does it once. */
export class Once {
  #act = '';
  #id = '';

  /** The id of an act. */
  of(act: unknown): string {
    const said = JSON.stringify(act);
    if (said !== this.#act) {
      this.#act = said;
      // A page that came without a certificate has no randomUUID.
      this.#id = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    }
    return this.#id;
  }

  /** It was done: the same act is another from now on. */
  done(): void {
    this.#act = '';
  }
}
