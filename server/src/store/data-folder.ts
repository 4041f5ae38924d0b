import { posix, win32 } from 'node:path';

export interface Machine {
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
}

/**
 * The folder of the user that editor and command line share: `$PROVENDER_DATA`, else where the platform keeps such data.
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function userDataFolder({ platform, environment, home }: Machine): string {
  const path = platform === 'win32' ? win32 : posix;
  const chosen = environment['PROVENDER_DATA'];
  if (chosen !== undefined && path.isAbsolute(chosen)) return path.normalize(chosen);
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'provender');
  const isWindows = platform === 'win32';
  const base = environment[isWindows ? 'LOCALAPPDATA' : 'XDG_DATA_HOME'];
  // The specification of XDG says to ignore relative paths.
  if (base !== undefined && path.isAbsolute(base)) return path.join(base, 'provender');
  return isWindows ? path.join(home, 'AppData', 'Local', 'provender') : path.join(home, '.local', 'share', 'provender');
}

/** The seed generation below the folder that this program is installed in. A development build has none. */
export function seedPath(packageFolder: string): string {
  const path = process.platform === 'win32' ? win32 : posix;
  return path.join(packageFolder, 'resources', 'seed', 'advisories.db');
}
