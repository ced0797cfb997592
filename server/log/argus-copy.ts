// Keeps an imported Argus file beside ours before we write in its place. No earlier copy is ever overwritten.
import { readFile } from 'node:fs/promises';
import { OWNER_ONLY, syncDirectoryOf, writeAll, type Disk } from './disk.js';

/** Where the copy is: `<path>.v1.bak`, or the next free name of that kind; one with the same content will do. */
export async function keepArgusCopy(disk: Disk, path: string, original: Buffer): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const copy = `${path}.v1.bak${attempt === 0 ? '' : `.${attempt}`}`;
    if (await putAside(disk, copy, original)) {
      await syncDirectoryOf(disk, copy);
      return copy;
    }
  }
}

/** False: another file has that name. */
async function putAside(disk: Disk, copy: string, original: Buffer): Promise<boolean> {
  let file;
  try {
    file = await disk.open(copy, 'wx', OWNER_ONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return original.equals(await readFile(copy));
  }
  try {
    await writeAll(file, original);
    await file.sync();
  } catch (error) {
    await disk.rm(copy, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return true;
}
