import type { YarnDocument } from './yarn-document.ts';
import type { YarnDraft } from './yarn-identity.ts';

/** Puts the requests for some names, which berry lists apart, behind those that are required. */
export function keepOptionalLast(draft: YarnDraft, optionalNames: readonly string[], document: YarnDocument): void {
  if (optionalNames.length === 0) return;
  const names = new Set(optionalNames);
  const isOptional = (request: number): boolean => names.has(document.requestNames[request] ?? '');
  const required = draft.edges.filter((request) => !isOptional(request));
  draft.required = required.length;
  draft.edges = [...required, ...draft.edges.filter(isOptional)];
}
