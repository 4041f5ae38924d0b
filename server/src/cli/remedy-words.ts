import type { Remedy } from '../core/remedy.ts';

/** What a remedy does to its package, in a word that begins a sentence. */
export function remedyVerb({ kind }: Remedy): 'Upgrade' | 'Refresh' | 'Override' | 'Remove' {
  switch (kind) {
    case 'upgrade':
    case 'parent':
      return 'Upgrade';
    case 'refresh':
    case 'lock':
      return 'Refresh';
    case 'override':
      return 'Override';
    case 'remove':
      return 'Remove';
  }
}
