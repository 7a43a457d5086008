import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';

/** Whether something stands open when it is first seen: from then on it is as whoever looks at it left it, whatever is told anew. */
export function atFirst(isOpen: () => boolean): Attachment<HTMLDetailsElement> {
  return (details) => {
    details.open = untrack(isOpen);
  };
}
