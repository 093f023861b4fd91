/** Writes a file whole or not at all, whatever ends the process meanwhile. */
import { randomBytes } from 'node:crypto'
import { link, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileError } from '../errors.ts'

/**
 * @param fresh whether nothing may be there yet
 * @throws InputError that names the file and says why; what was there before then still is
 */
export async function writeWhole(path: string, content: Uint8Array, fresh = false): Promise<void> {
  // A name that nobody can foresee, and so nobody can put a link in its place.
  const temporary = join(dirname(path), `.nndrone.${randomBytes(12).toString('hex')}.tmp`)
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await (fresh ? named : rename)(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw fileError(path, error)
  }
}

/** Gives a file a name that no other has: two that try at once do not both succeed. */
async function named(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path)
  } catch (error) {
    // Not every file system knows two names of a file.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    return rename(temporary, path)
  }
  await rm(temporary)
}

/** That the file has its name outlives a loss of power too, on systems that can say so of a folder. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => {})
  await folder?.close()
}
