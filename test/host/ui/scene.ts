import type { Page } from 'playwright-core';
import type { ExampleServer } from '../../../scripts/demo/example-server.ts';
import type { Stage } from '../../../scripts/demo/stage.ts';

/** What a step plays with. */
export interface Scene {
  readonly page: Page;
  readonly stage: Stage;
  readonly server: ExampleServer;
}

export type Step = readonly [name: string, run: (scene: Scene) => Promise<void>];
