/** What most commands write: a table for people, or one JSON object. */
export const FORMATS = ['table', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** A check has formats of its own for what reads it in CI. */
export const CHECK_FORMATS = [...FORMATS, 'sarif', 'github', 'gitlab', 'markdown', 'junit'] as const;
export type CheckFormat = (typeof CHECK_FORMATS)[number];

/** How a change is shown. */
export const DIFF_FORMATS = ['table', 'json', 'markdown'] as const;
export type DiffFormat = (typeof DIFF_FORMATS)[number];
