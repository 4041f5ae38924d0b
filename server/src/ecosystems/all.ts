import type { Ecosystem } from '../core/ecosystem.ts';
import { npm } from './npm/index.ts';

/** Every ecosystem, in the order in which a folder is searched for them. */
export const ECOSYSTEMS: readonly Ecosystem[] = [npm];
