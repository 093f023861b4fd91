/** Where a command writes: standard output, or a file that is whole or not there. */
import { once } from 'node:events'
import { closeSync, openSync, rmSync } from 'node:fs'
import { access, constants, type FileHandle, open, realpath, rename, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileError, InputError } from '../errors.ts'

export interface Output {
  /** Resolves when the reader is ready for more. */
  write(content: string | Uint8Array): Promise<void>
  /** Writes over the beginning; standard output has none. */
  rewrite(beginning: Uint8Array): Promise<void>
  /** Now the file is there. */
  finish(): Promise<void>
  /** Leaves what was there before. */
  abandon(): Promise<void>
}

/** Standard output unless a file is named. */
export async function openOutput(path?: string): Promise<Output> {
  return path === undefined ? new StandardOutput() : FileOutput.open(path)
}

/** Writes a file at once. */
export async function writeFile(path: string, content: string | Uint8Array): Promise<void> {
  const output = await FileOutput.open(path)
  try {
    await output.write(content)
    await output.finish()
  } catch (error) {
    await output.abandon()
    throw error
  }
}

/**
 * Checks that a file could be written, before the work whose result it is to hold.
 * @throws InputError that says why it could not
 */
export async function checkWritable(path: string): Promise<void> {
  const { place, special } = await destination(path)
  await access(special ? place : dirname(place), constants.W_OK).catch((error) => {
    throw placeError(path, place, error)
  })
}

/** Why nothing can be written there. */
function placeError(path: string, place: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' ? new InputError(`${path}: there is no folder ${dirname(place)}`) : fileError(path, error)
}

class StandardOutput implements Output {
  async write(content: string | Uint8Array): Promise<void> {
    if (!process.stdout.write(content)) await once(process.stdout, 'drain')
  }

  async rewrite(): Promise<void> {}

  async finish(): Promise<void> {}

  async abandon(): Promise<void> {}
}

/** Writes beside the file that is to be, which then takes the name. */
class FileOutput implements Output {
  readonly #path: string
  readonly #place: string
  readonly #temporary: string
  #handle!: FileHandle

  private constructor(path: string, place: string, temporary: string) {
    this.#path = path
    this.#place = place
    this.#temporary = temporary
    process.on('exit', this.#clear)
  }

  static async open(path: string): Promise<FileOutput> {
    const { place, special } = await destination(path)
    const temporary = special ? place : join(dirname(place), `.${basename(place)}.${process.pid}.tmp`)
    const output = new FileOutput(path, place, temporary)
    try {
      // Made at once: an interruption could not clear away what is made behind its back.
      if (!special) closeSync(openSync(temporary, 'w'))
      output.#handle = await open(temporary, special ? 'w' : 'r+')
      return output
    } catch (error) {
      process.off('exit', output.#clear)
      throw placeError(path, place, error)
    }
  }

  async write(content: string | Uint8Array): Promise<void> {
    await this.#handle.writeFile(content).catch((error) => {
      throw fileError(this.#path, error)
    })
  }

  async rewrite(beginning: Uint8Array): Promise<void> {
    await this.#handle.write(beginning, 0, beginning.length, 0).catch((error) => {
      throw fileError(this.#path, error)
    })
  }

  async finish(): Promise<void> {
    await this.#handle.close()
    if (this.#temporary !== this.#place) await rename(this.#temporary, this.#place)
    process.off('exit', this.#clear)
  }

  async abandon(): Promise<void> {
    await this.#handle.close()
    this.#clear()
    process.off('exit', this.#clear)
  }

  /** An interrupted command leaves no temporary file either, and then there is no time to wait. */
  #clear = (): void => {
    if (this.#temporary !== this.#place) rmSync(this.#temporary, { force: true })
  }
}

/** Where a path leads; a device or a pipe is `special`: it is written to, never replaced. */
async function destination(path: string): Promise<{ place: string; special: boolean }> {
  try {
    const place = await realpath(path)
    const status = await stat(place)
    if (status.isDirectory()) throw new InputError(`${path}: is a directory, expected a file`)
    return { place, special: !status.isFile() }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { place: path, special: false }
    throw fileError(path, error)
  }
}
