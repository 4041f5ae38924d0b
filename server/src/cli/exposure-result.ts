import type { Exposure } from '../workspace/exposure.ts';
import type { Sought } from './sought-packages.ts';

export interface DocumentExposure extends Exposure {
  /** As people name it. */
  readonly document: string;
}

export interface ExposureResult {
  readonly sought: Sought;
  readonly documents: readonly DocumentExposure[];
  /** True when a part of the history was not fetched. */
  readonly isShallow: boolean;
  /** False when something may have been resolved that nobody looked at. */
  readonly isComplete: boolean;
}
