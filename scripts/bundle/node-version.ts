const NEEDED = [22, 18];

/**
 * True when this Node can run the project's scripts; otherwise says what to do.
 * Older ones than this do not read TypeScript at all and stop before this line.
 */
export function nodeIsNewEnough(version = process.versions.node): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = NEEDED;
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return true;
  console.error(
    `This is Node ${version}; Provender is built with Node ${NEEDED.join('.')} or later. ` +
      'Run it by `npm run build`, which takes the Node that `npm ci` installed into node_modules.',
  );
  return false;
}
