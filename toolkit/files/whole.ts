/** Writes a file whole or not at all, whatever ends the process meanwhile. */
import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileError } from '../errors.ts'

/** @throws InputError that names the file and says why; what was there before then still is */
export async function writeWhole(path: string, content: Uint8Array): Promise<void> {
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
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw fileError(path, error)
  }
}

/** That the file has its name outlives a loss of power too, on systems that can say so of a folder. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => {})
  await folder?.close()
}
