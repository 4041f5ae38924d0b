import { applyReplacements, composeReplacements } from '../core/compose-edits.ts';
import { LineIndex } from '../core/line-index.ts';
import type { DocumentEdit } from '../core/text-edit.ts';
import type { LateEdit, Replacement } from '../core/transitive-dialect.ts';
import type { WireFileEdit } from '../protocol.ts';
import type { CurrentText } from './convert.ts';
import { currentText } from './current-text.ts';
import type { Session } from './session.ts';

interface Draft {
  readonly current: CurrentText;
  readonly isNew: boolean;
  readonly replacements: readonly Replacement[];
}

/** Changes of several documents that are made together. Each is made for what those before it have left. */
export class Drafts {
  readonly #session: Session;
  readonly #drafts = new Map<string, Draft>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** False, and nothing added, when a text is no longer what a change was planned for. Edits stand before late edits. */
  async add(
    edits: readonly DocumentEdit[],
    late: readonly LateEdit[],
    versionOf: (path: string) => number | undefined,
  ): Promise<boolean> {
    const added = new Map<string, Draft>();
    for (const { path, span, newText } of edits) {
      const draft = added.get(path) ?? (await this.#draftOf(path, undefined));
      if (draft === undefined || versionOf(path) !== draft.current.version) return false;
      if (draft.replacements.some((other) => other.span.start < span.end && span.start < other.span.end)) return false;
      added.set(path, { ...draft, replacements: [...draft.replacements, { span, newText }] });
    }
    for (const { path, replacements, whenMissing } of late) {
      const draft = added.get(path) ?? (await this.#draftOf(path, whenMissing));
      const made = draft && replacements(applyReplacements(draft.current.text, draft.replacements));
      if (draft === undefined || made === undefined) return false;
      added.set(path, { ...draft, replacements: composeReplacements(draft.replacements, made) });
    }
    for (const [path, draft] of added) this.#drafts.set(path, draft);
    return true;
  }

  /** In the client's form. */
  wire(): WireFileEdit[] {
    return [...this.#drafts].flatMap(([path, { current, isNew, replacements }]) => {
      if (replacements.length === 0) return [];
      const lines = new LineIndex(current.text);
      const edits = replacements.map(({ span, newText }) => ({
        range: { start: lines.positionAt(span.start), end: lines.positionAt(span.end) },
        newText,
      }));
      return [{ uri: this.#session.uris.uriOf(path), version: current.version ?? null, isNew, edits }];
    });
  }

  async #draftOf(path: string, whenMissing: string | undefined): Promise<Draft | undefined> {
    const known = this.#drafts.get(path);
    if (known !== undefined) return known;
    const current = await currentText(this.#session, path);
    if (current !== undefined) return { current, isNew: false, replacements: [] };
    if (whenMissing === undefined) return undefined;
    return { current: { text: '', version: undefined }, isNew: true, replacements: [] };
  }
}
