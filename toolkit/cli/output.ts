/** Where a command writes: standard output, or a file that is whole or not there. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type BigIntStats, closeSync, fstatSync, openSync, rmSync } from 'node:fs'
import { access, constants, type FileHandle, open, realpath, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileError, InputError, UsageError } from '../errors.ts'
import { filesOf } from '../events/files.ts'
import { clearAtEnd } from '../isolation/clearing.ts'
import { standardOutput } from './view/stdout.ts'

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

/** Everything that a call reads, as it was named, by what names it: an option or an argument. */
export type Inputs = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * Checks that a file can be written without harm, before the work whose result it is to hold.
 * @param path undefined for standard output, which needs no check; @param option that names it
 * @throws UsageError where it is one of the inputs, by whatever name; InputError that says why it cannot be written
 */
export async function checkOutput(path: string | undefined, inputs: Inputs, option = '--out'): Promise<void> {
  if (path === undefined) return
  const { place, status, special } = await destination(path)
  if (special) return checkAccess(path, place, place)
  if (status) {
    await checkDistinct(`${option} ${path}`, path, status, inputs)
    await checkAccess(path, place, place)
  }
  await checkAccess(path, place, dirname(place))
}

/** @throws UsageError where a file is there already */
export async function checkNew(path: string, option = '--out'): Promise<void> {
  const { status, special } = await destination(path)
  if (!status || special) return
  throw new UsageError(`${option} ${path}: the file exists; add --force to replace it, or name another file`)
}

async function checkAccess(path: string, place: string, wanted: string): Promise<void> {
  await access(wanted, constants.W_OK).catch((error) => {
    throw placeError(path, place, error)
  })
}

async function checkDistinct(where: string, path: string, status: BigIntStats, inputs: Inputs): Promise<void> {
  for (const [role, names = []] of Object.entries(inputs)) {
    for (const name of await filesOf([names].flat())) {
      const input = await inputStatus(name)
      if (!input || input.dev !== status.dev || input.ino !== status.ino) continue
      const same = name === path ? `is an input of this command (${role})` : `is the same file as ${role} ${name}`
      throw new UsageError(`${where}: ${same}; name another file`)
    }
  }
}

/** The file of an input; undefined where there is none, which is said when the input is opened. */
async function inputStatus(name: string): Promise<BigIntStats | undefined> {
  if (name === '-') return statusOfStandardInput()
  for (const file of [name, name.replace(/:[^:]+$/, '')]) {
    const status = await stat(file, { bigint: true }).catch(() => undefined)
    if (status) return status
  }
  return undefined
}

/** Why nothing can be written there. */
function placeError(path: string, place: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' ? new InputError(`${path}: there is no folder ${dirname(place)}`) : fileError(path, error)
}

class StandardOutput implements Output {
  async write(content: string | Uint8Array): Promise<void> {
    // What waits to be written must stay as it is; the bytes of whoever calls need not.
    const own = typeof content === 'string' ? content : Buffer.from(content)
    if (!standardOutput().write(own)) await once(standardOutput(), 'drain')
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
  /** There is nothing to clear away any more. */
  readonly #cleared: () => void

  private constructor(path: string, place: string, temporary: string) {
    this.#path = path
    this.#place = place
    this.#temporary = temporary
    this.#cleared = clearAtEnd(this.#clear)
  }

  static async open(path: string): Promise<FileOutput> {
    const { place, special, status } = await destination(path)
    const output = new FileOutput(path, place, special ? place : temporaryName(dirname(place)))
    try {
      await output.#open(special, status)
      return output
    } catch (error) {
      await output.#handle?.close()
      output.#clear()
      output.#cleared()
      throw placeError(path, place, error)
    }
  }

  /** Whoever may not read the file that is replaced may not read the new one either, from its first byte on. */
  async #open(special: boolean, replaced: BigIntStats | undefined): Promise<void> {
    // Made at once: an interruption could not clear away what is made behind its back.
    if (!special) closeSync(openSync(this.#temporary, 'wx', replaced ? 0o600 : 0o666))
    this.#handle = await open(this.#temporary, special ? 'w' : 'r+')
    if (replaced && !special) await keepOwner(this.#path, this.#handle, replaced)
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
    this.#cleared()
  }

  async abandon(): Promise<void> {
    await this.#handle.close()
    this.#clear()
    this.#cleared()
  }

  /** An interrupted command leaves no temporary file either, and then there is no time to wait. */
  #clear = (): void => {
    if (this.#temporary !== this.#place) rmSync(this.#temporary, { force: true })
  }
}

/** A name that nobody can foresee, and so nobody can put a link in its place. */
function temporaryName(folder: string): string {
  return join(folder, `.nndrone.${randomBytes(12).toString('hex')}.tmp`)
}

/**
 * Gives a new file the owner and the mode of the one that it replaces.
 * @throws InputError where it cannot have that owner
 */
async function keepOwner(path: string, handle: FileHandle, { uid, gid, mode }: BigIntStats): Promise<void> {
  const own = await handle.stat({ bigint: true })
  if (own.uid !== uid || own.gid !== gid) {
    await handle.chown(Number(uid), Number(gid)).catch(() => {
      throw new InputError(
        `${path}: belongs to user ${uid} and group ${gid}, to whom you cannot give a new file; name another file`,
      )
    })
  }
  await handle.chmod(Number(mode & 0o7777n))
}

/** Undefined where it is closed. */
function statusOfStandardInput(): BigIntStats | undefined {
  try {
    return fstatSync(0, { bigint: true })
  } catch {
    return undefined
  }
}

interface Destination {
  place: string
  /** Of the file that is there, if one is. */
  status?: BigIntStats
  /** A device or a pipe, which is written to and never replaced. */
  special: boolean
}

/** Where a path leads. */
async function destination(path: string): Promise<Destination> {
  try {
    const status = await stat(path, { bigint: true })
    if (status.isDirectory()) throw new InputError(`${path}: is a directory, expected a file`)
    // What a pipe of the shell leads to has no path.
    const special = !status.isFile()
    return { place: special ? path : await realpath(path), status, special }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { place: path, special: false }
    throw fileError(path, error)
  }
}
