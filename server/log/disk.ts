// What the log asks of a disk: to write all of it, to sync it, to put it in another file's place. Tests give one that fails.
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Disk {
  open: typeof open;
  rename: typeof rename;
  rm: typeof rm;
}

export const realDisk: Disk = { open, rename, rm };

export const OWNER_ONLY = 0o600;

/** Where a file is written before it takes the place of the one at `path`. */
export const besideOf = (path: string): string => `${path}.tmp`;

/** A disk that is nearly full takes a part without an error: only the next write fails. */
export async function writeAll(
  file: FileHandle,
  bytes: Buffer,
  position: number | null = null,
): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const at = position === null ? null : position + written;
    written += (await file.write(bytes, written, bytes.length - written, at)).bytesWritten;
  }
}

/** Writes a file beside `path`, and syncs it unless told otherwise; nothing is left of it when that fails. */
export async function writeBeside(
  disk: Disk,
  path: string,
  write: (file: FileHandle) => Promise<void>,
  { isSynced = true } = {},
): Promise<void> {
  const file = await disk.open(besideOf(path), 'w', OWNER_ONLY);
  try {
    await file.chmod(OWNER_ONLY); // a leftover of a crash may have had other rights
    await write(file);
    if (isSynced) await file.sync();
  } catch (error) {
    await disk.rm(besideOf(path), { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** A new or renamed file is on disk only when its directory is. */
export async function syncDirectoryOf(disk: Disk, path: string): Promise<void> {
  const directory = await disk.open(dirname(path), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
