/**
 * The tables of an advisory generation. Both large ones hold keyed lines, since a row for each of 200,000 advisories takes
 * longer to write than the advisory to read: `advisory` has blocks of records from the id `first` on;
 * `affected` a row for each package with its advisories, so that one look-up reads one row. The ecosystem is a number
 * there, as every row would repeat its name.
 */
export const ADVISORY_SCHEMA = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE ecosystem (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    complete INTEGER NOT NULL,
    as_of INTEGER NOT NULL,
    advisories INTEGER NOT NULL,
    packages INTEGER NOT NULL
  );
  CREATE TABLE advisory (first TEXT PRIMARY KEY, lines TEXT NOT NULL);
  CREATE TABLE affected (
    ecosystem INTEGER NOT NULL,
    name TEXT NOT NULL,
    lines TEXT NOT NULL,
    PRIMARY KEY (ecosystem, name)
  ) WITHOUT ROWID;
`;

/** Larger than usual: fewer pages are visited on the way to a name, and a package with many advisories still fits into one. */
export const PAGE_BYTES = 16_384;

/** The characters that a new block of records may have: four of them and their rows fill a page. */
export const BLOCK_LENGTH = 3_900;

/** In the file's header: "Prov", and the version of the tables. A generation of another version is not read. */
export const ADVISORY_APPLICATION_ID = 0x50726f76;
export const ADVISORY_SCHEMA_VERSION = 3;

/** The one statement of the hot path. The benchmark measures against it. */
export const AFFECTED_QUERY = 'SELECT lines FROM affected WHERE ecosystem = ? AND name = ?';

/** The block in which an id is, if it is there at all. */
export const BLOCK_QUERY = 'SELECT first, lines FROM advisory WHERE first <= ? ORDER BY first DESC LIMIT 1';

/** Which names of a JSON list any advisory names. */
export const AFFECTED_NAMES_QUERY =
  'SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM affected WHERE ecosystem = ? AND name = value)';
