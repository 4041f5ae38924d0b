import type { Connection } from 'vscode-languageserver';

import type { Settings } from '../core/settings.ts';
import { count } from '../features/words.ts';
import { ASK_CONSENT_REQUEST } from '../protocol.ts';
import { subjectsOf } from '../workspace/refresher.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { ClientTraits } from './client-traits.ts';
import type { World } from './world.ts';

type Answer = 'ask' | 'offline' | 'not-now';

export interface ConsentOptions {
  readonly connection: Connection;
  readonly traits: ClientTraits;
  readonly settings: Settings;
  readonly world: World;
  /** Called with what the user answered. */
  readonly onAnswer: (answer: Answer) => Promise<void>;
}

/** Asks once, before anything is sent: how many names would leave, how many are withheld. */
export class Consent {
  readonly #options: ConsentOptions;
  #answer: Answer | undefined;
  #isAsking = false;

  constructor(options: ConsentOptions) {
    const { settings, traits, world } = options;
    this.#options = options;
    // Who reads the local database only need not be asked, but may have agreed to the other look-ups.
    const unasked = settings.advisoriesSource === 'offline' ? 'offline' : undefined;
    this.#answer = world.mayGoOnline ? (traits.options.consent ?? unasked) : 'offline';
    world.setOnline(this.#answer === 'ask');
  }

  /** True while the user has neither agreed nor refused. */
  get isNeeded(): boolean {
    return this.#answer === undefined || this.#answer === 'not-now';
  }

  /** Going offline counts at once, whatever was agreed to. */
  settingsChanged({ offline }: Settings): void {
    this.#options.world.setOnline(!offline && this.#answer === 'ask');
  }

  answer(answer: Answer): void {
    this.#answer = answer;
  }

  /** Asks when the first packages are known, unless that was answered before. */
  consider(snapshot: Snapshot): void {
    if (this.#answer !== undefined || this.#isAsking) return;
    const message = questionFor(snapshot);
    if (message === undefined) return;
    this.#isAsking = true;
    void this.#ask(message);
  }

  async #ask(message: string): Promise<void> {
    const { connection, traits, world, onAnswer } = this.#options;
    try {
      const answer =
        traits.options.asksConsent === true
          ? decodeAnswer(await connection.sendRequest(ASK_CONSENT_REQUEST, { message }))
          : answerOf(
              (await connection.window.showInformationMessage(message, { title: 'Ask' }, { title: 'Stay offline' }))
                ?.title,
            );
      await onAnswer(answer);
    } catch (error) {
      // A client that cannot be asked has not agreed to anything.
      world.log.debug(`no answer to the first question: ${String(error)}`);
      await onAnswer('not-now');
    } finally {
      this.#isAsking = false;
    }
  }
}

function questionFor(snapshot: Snapshot): string | undefined {
  const names = new Set<string>();
  const withheld = new Set<string>();
  for (const project of snapshot.projects) {
    const { direct, transitive } = subjectsOf(project);
    for (const subject of [...direct, ...transitive]) {
      (subject.withheld === undefined ? names : withheld).add(subject.name);
    }
  }
  if (names.size === 0) return undefined;
  const kept =
    withheld.size === 0
      ? ''
      : ` ${withheld.size === 1 ? 'One private name is' : `${String(withheld.size)} private names are`} withheld.`;
  return `Ask OSV.dev about ${count(names.size, 'public package name')}, and your registry and OpenSSF Scorecard about the direct ones?${kept}`;
}

function decodeAnswer(raw: unknown): Answer {
  const answer: unknown = typeof raw === 'object' && raw !== null && 'answer' in raw ? raw.answer : undefined;
  return answer === 'ask' || answer === 'offline' ? answer : 'not-now';
}

function answerOf(title: string | undefined): Answer {
  if (title === 'Ask') return 'ask';
  return title === 'Stay offline' ? 'offline' : 'not-now';
}
