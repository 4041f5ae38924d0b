/**
 * The tables of an advisory generation. `affected` is clustered by package, so that one look-up reads one page. The
 * ecosystem is a number there, since 200,000 rows would repeat its name.
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
  CREATE TABLE advisory (id TEXT PRIMARY KEY, modified INTEGER NOT NULL, body TEXT) WITHOUT ROWID;
  CREATE TABLE affected (
    ecosystem INTEGER NOT NULL,
    name TEXT NOT NULL,
    advisory TEXT NOT NULL,
    entries TEXT NOT NULL,
    PRIMARY KEY (ecosystem, name, advisory)
  ) WITHOUT ROWID;
`;

/** What finds the rows of a record that is replaced. Made when the rows are there, which takes less time. */
export const ADVISORY_INDEX = 'CREATE INDEX affected_by_advisory ON affected (advisory)';

/** In the file's header: "Prov", and the version of the tables. A generation of another version is not read. */
export const ADVISORY_APPLICATION_ID = 0x50726f76;
export const ADVISORY_SCHEMA_VERSION = 2;

/** The one statement of the hot path. The benchmark measures against it. */
export const AFFECTED_QUERY = 'SELECT advisory, entries FROM affected WHERE ecosystem = ? AND name = ?';

/** Which names of a JSON list any advisory names. */
export const AFFECTED_NAMES_QUERY =
  'SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM affected WHERE ecosystem = ? AND name = value)';
