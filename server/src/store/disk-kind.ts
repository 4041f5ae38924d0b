import { statfsSync } from 'node:fs';

/** Linux' names for file systems of other machines: NFS, CIFS, SMB, SMB2, 9P, FUSE, AFS, Ceph, OCFS2, GFS2, Lustre. */
const REMOTE_KINDS: ReadonlySet<number> = new Set([
  0x6969, 0xff534d42, 0x517b, 0xfe534d42, 0x01021997, 0x65735546, 0x5346414f, 0x00c36400, 0x7461636f, 0x01161970,
  0x0bd00bd0,
]);

/**
 * False when the folder may lie on another machine. SQLite's write-ahead log needs memory that all its processes share.
 * @see https://www.sqlite.org/wal.html
 */
export function isLocalDisk(folder: string): boolean {
  if (process.platform === 'win32') return !/^[\\/]{2}(?![.?][\\/])/.test(folder);
  if (process.platform !== 'linux') return true;
  try {
    return !REMOTE_KINDS.has(statfsSync(folder).type);
  } catch {
    return false;
  }
}
