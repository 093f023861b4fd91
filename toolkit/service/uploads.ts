/** Files that somebody sends to grow a drone from: kept in a folder of their own until the service ends. */
import { createWriteStream, rmSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openEvents } from '../events/index.ts'
import { formatOf } from '../models/index.ts'
import { Failure } from './failure.ts'
import { tooLarge } from './limits.ts'

export interface Upload {
  id: string
  name: string
  path: string
}

/** The oldest give way to new ones. */
const KEPT = 8

export class Uploads {
  #folder: string | undefined
  #count = 0
  readonly #all = new Map<string, Upload>()

  /** @throws Failure 404 */
  of(id: string): Upload {
    const upload = this.#all.get(id)
    if (!upload) throw new Failure(404, 'this file is not here any more; choose it again')
    return upload
  }

  /** Writes a file as it comes. @throws Failure 413 where it is longer than `most` bytes */
  async take(name: string, body: ReadableStream<Uint8Array> | null, most: number): Promise<Upload> {
    if (!body) throw new Failure(400, `${name}: there is nothing in it`)
    const id = String(++this.#count)
    const folder = join(await this.#place(), id)
    await mkdir(folder)
    // The name tells the format where the content cannot; nothing of it leads out of the folder.
    const path = join(
      folder,
      name
        .replace(/[^\w.-]/g, '_')
        .replace(/^\.+/, '_')
        .slice(-100) || 'file',
    )
    let length = 0
    const limited = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        length += chunk.length
        if (length > most) throw tooLarge(most)
        yield chunk
      }
    }
    try {
      await pipeline(Readable.fromWeb(body as never), limited, createWriteStream(path))
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error instanceof Failure ? error : new Failure(400, `${name}: did not come whole`)
    }
    const upload = { id, name, path }
    this.#all.set(id, upload)
    const [oldest] = this.#all.values()
    if (this.#all.size > KEPT && oldest) {
      this.#all.delete(oldest.id)
      await rm(join(oldest.path, '..'), { recursive: true, force: true })
    }
    return upload
  }

  async #place(): Promise<string> {
    if (this.#folder === undefined) {
      const folder = await mkdtemp(join(tmpdir(), 'nndrone-page-'))
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
      this.#folder = folder
    }
    return this.#folder
  }
}

/** @throws Failure where it is a program, or of no known format */
export async function checkTeacher({ name, path }: Upload): Promise<void> {
  const format = formatOf({ path, bytes: await readFile(path) })
  if (format === 'module') throw new Failure(400, `${name}: is a program; a teacher that is sent has to be data`)
  if (!format) throw new Failure(400, `${name}: is of no known format of models`)
}

export async function columnsOf(path: string): Promise<string[]> {
  const events = await openEvents(path)
  try {
    return [...(events.columns ?? [])]
  } finally {
    await events.close()
  }
}
