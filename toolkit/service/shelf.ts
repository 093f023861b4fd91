/** Where the models of a service are: files that were named, and a folder of NAME/VERSION/drone.json. */
import { randomBytes } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Teacher } from 'nndrone'
import { explained, InputError } from '../errors.ts'
import { writeWhole } from '../files/whole.ts'
import { DroneModel, formatOf, type Model, type ModelFile, readModel } from '../models/index.ts'
import { scalingKeptOf } from '../scaling/kept.ts'
import { standardising } from '../scaling/scale.ts'
import { scalesFor } from '../scaling/scaling.ts'
import { Failure } from './failure.ts'
import type { Log } from './log.ts'
import type { Keeper, Models, Pointer } from './models.ts'
import { byVersion, isName } from './names.ts'
import type { Source } from './served.ts'
import { sha256Of } from './source.ts'

/** The file of a version. */
const DRONE = 'drone.json'
/** The file that says which version of a model answers. */
const POINTER = 'active.json'

/** A file by itself in the folder is this version of the model of its name; one that was named is the first. */
const LOOSE = '0'
const NAMED = '1'

/** Files of the folder that may hold a model by themselves. */
const ENDINGS = /\.(json|h5|hdf5|keras|onnx|ubj|xml)$/i

/** A file that holds a version. */
interface Item {
  name: string
  version: string
  path: string
}

/** A file as it was read last, and what came of it. */
interface Known extends Item {
  state: string
  /** Why it is not served as it is. */
  reason?: string
}

export interface ShelfOptions {
  models: Models
  log: Log
  /** Files by the names of their models. */
  files: readonly { name: string; path: string }[]
  folder: string | undefined
}

export class Shelf implements Keeper {
  readonly #options: ShelfOptions
  /** By path. */
  readonly #known = new Map<string, Known>()
  readonly #pointers = new Map<string, string>()
  /** Teachers whose files do not tell how events were standardised, until a drone of theirs does. */
  readonly #unscaled = new Map<string, { item: Item; model: Model; sha256: string }>()

  constructor(options: ShelfOptions) {
    this.#options = options
  }

  /**
   * Takes up what has changed. What is broken is refused and told, and what was served before stays.
   * @returns what is refused, with the reasons
   */
  scan(): Promise<readonly Known[]> {
    return this.#options.models.inTurn(() => this.#scan())
  }

  /** Looks for changes again and again, until the signal says that it is enough. */
  watch(seconds: number, signal: AbortSignal): void {
    const look = async () => {
      await this.scan().catch((error) =>
        this.#options.log.tell('error', 'the folder cannot be read', { error: String(error) }),
      )
      if (!signal.aborted) setTimeout(look, 1000 * seconds).unref()
    }
    setTimeout(look, 1000 * seconds).unref()
  }

  /** The file of a version; undefined where it is in memory alone, or refused. */
  pathOf(name: string, version: string): string | undefined {
    return [...this.#known.values()].find((item) => item.name === name && item.version === version)?.path
  }

  async #scan(): Promise<readonly Known[]> {
    const { models } = this.#options
    const items = await this.#items()
    for (const item of items) await this.#take(item)
    const paths = new Set(items.map(({ path }) => path))
    for (const [path, { name, version }] of this.#known) {
      if (paths.has(path)) continue
      this.#known.delete(path)
      this.#unscaled.delete(path)
      models.drop(name, version)
      this.#options.log.tell('info', 'a version is gone', { model: name, version })
    }
    await this.#standardise()
    for (const { name } of models.entries) await this.#follow(name)
    return [...this.#known.values()].filter(({ reason }) => reason !== undefined)
  }

  async #items(): Promise<Item[]> {
    const { files, folder } = this.#options
    const named = files.map(({ name, path }) => ({ name, path, version: NAMED }))
    if (folder === undefined) return named
    const items: Item[] = []
    for (const entry of await entriesOf(folder)) {
      if (await isFolder(folder, entry)) items.push(...(await this.#versionsOf(folder, entry.name)))
      else if (ENDINGS.test(entry.name)) items.push(...(await looseItem(folder, entry.name)))
    }
    return [...named, ...items]
  }

  async #versionsOf(folder: string, name: string): Promise<Item[]> {
    if (!isName(name)) return []
    const items: Item[] = []
    for (const { name: version } of await entriesOf(join(folder, name))) {
      const path = join(folder, name, version, DRONE)
      if (isName(version) && (await stateOf(path))) items.push({ name, version, path })
    }
    return items.sort((a, b) => byVersion(a.version, b.version))
  }

  async #take(item: Item): Promise<void> {
    const { models, log } = this.#options
    const state = await stateOf(item.path)
    if (state === undefined || this.#known.get(item.path)?.state === state) return
    const { name, version, path } = item
    try {
      const bytes = await readFile(path)
      const sha256 = await sha256Of(bytes)
      const before = models.has(name) ? models.entry(name).versions.get(version) : undefined
      if (before?.source.sha256 !== sha256) {
        const source = await this.#sourceOf(item, bytes, sha256)
        models.add(name, version, source)
        log.tell('info', 'a version was taken up', { model: name, version, sha256 })
      }
      this.#known.set(path, { ...item, state })
    } catch (error) {
      const reason = explained(error) ?? String(error)
      this.#known.set(path, { ...item, state, reason })
      log.tell('warning', 'a version was refused', { model: name, version, error: reason })
    }
  }

  async #sourceOf(item: Item, bytes: Buffer, sha256: string): Promise<Source> {
    const file: ModelFile = { path: item.path, bytes }
    const model = await readModel(file)
    if (model instanceof DroneModel)
      return { scorer: model.drone, drone: model.drone, document: bytes, platform: 'nndrone', sha256 }
    if (model.unscaled) this.#unscaled.set(item.path, { item, model, sha256 })
    return teacherSource(model, model, sha256)
  }

  /** A teacher gets standardised events as soon as one of its drones is here, which keeps how. */
  async #standardise(): Promise<void> {
    const { models, log } = this.#options
    for (const [path, { item, model, sha256 }] of this.#unscaled) {
      for (const { active } of models.entries) {
        const { document } = active.source
        const kept =
          document && scalingKeptOf(model, new DroneModel({ path: active.name, bytes: Buffer.from(document) }))
        if (!kept) continue
        const { names } = kept
        const inputs = kept.ordered && names?.length === model.inputs.length ? names : model.inputs
        const scaled = standardising(model, scalesFor(kept, inputs))
        models.add(
          item.name,
          item.version,
          teacherSource(
            { ...scaled, inputs, outputs: model.outputs, predictBatch: (events) => scaled.predictBatch(events) },
            model,
            sha256,
          ),
        )
        this.#unscaled.delete(path)
        log.tell('info', `a teacher gets its events standardised, as its drone ${active.name} keeps it`, {
          model: item.name,
        })
        break
      }
    }
  }

  /** Follows what was chosen by another process, or by hand. */
  async #follow(name: string): Promise<void> {
    const { folder, models, log } = this.#options
    if (folder === undefined) return
    const text = await readFile(join(folder, name, POINTER), 'utf8').catch(() => '')
    if (this.#pointers.get(name) === text || (text === '' && !this.#pointers.has(name))) return
    this.#pointers.set(name, text)
    const pointer = text === '' ? undefined : pointerOf(text)
    if (text !== '' && !pointer) {
      log.tell('warning', `${POINTER} is not understood, and not followed`, { model: name })
      return
    }
    models.follow(name, pointer)
    log.tell('info', 'a version was chosen', { model: name, version: models.entry(name).active.version })
  }

  /** Where new versions of a model go. @throws Failure where they cannot be kept */
  #place(name: string): string {
    const { folder, files } = this.#options
    if (folder === undefined) {
      throw new Failure(409, 'this service keeps no versions; start it with a folder: nndrone serve --models FOLDER')
    }
    if (files.some((file) => file.name === name)) {
      throw new Failure(409, `${name} is a file that was named when the service was started, and has no other versions`)
    }
    return join(folder, name)
  }

  async write(name: string, version: string, document: Uint8Array): Promise<void> {
    const place = join(this.#place(name), version)
    try {
      await mkdir(place, { recursive: true })
      await writeWhole(join(place, DRONE), document, true)
    } catch (error) {
      throw notKept(error)
    }
    const path = join(place, DRONE)
    this.#known.set(path, { name, version, path, state: (await stateOf(path)) ?? '' })
  }

  async activate(name: string, pointer: Pointer): Promise<void> {
    const place = this.#place(name)
    const text = `${JSON.stringify(pointer)}\n`
    try {
      await mkdir(place, { recursive: true })
      await writeWhole(join(place, POINTER), Buffer.from(text))
    } catch (error) {
      throw notKept(error)
    }
    this.#pointers.set(name, text)
  }

  async remove(name: string): Promise<void> {
    const place = this.#place(name)
    for (const item of this.#known.values()) {
      if (item.name === name && item.version === LOOSE) {
        throw new Failure(
          409,
          `${name}: ${basename(item.path)} is no version that was put here; take the file away yourself`,
        )
      }
    }
    // The name is gone at once, whatever becomes of the files.
    const away = join(this.#options.folder!, `.nndrone.${randomBytes(12).toString('hex')}.tmp`)
    await rename(place, away)
    await rm(away, { recursive: true, force: true })
    for (const [path, item] of this.#known) if (item.name === name) this.#known.delete(path)
    this.#pointers.delete(name)
  }
}

function notKept(error: unknown): Failure {
  if (error instanceof Failure) return error
  const there = /is there already$/.test(String(error))
  if (there) return new Failure(409, 'the version is there already, with another drone; take a new one')
  const full = (error as NodeJS.ErrnoException).code === 'ENOSPC' || /no space left/.test(String(error))
  // A path of this machine is nobody's business.
  const why = error instanceof InputError ? error.message.replace(/^.*: /, '') : 'the folder cannot be written to'
  return new Failure(full ? 507 : 500, `the version could not be kept: ${why}`)
}

function teacherSource(scorer: Teacher, model: Model, sha256: string): Source {
  return { scorer, platform: model.describe().format, sha256 }
}

async function entriesOf(path: string): Promise<Dirent[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOTDIR' || error.code === 'ENOENT') return []
    throw error
  })
  return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Links are followed: to change a link is how some hosts change a folder. */
async function isFolder(folder: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  return (await stat(join(folder, entry.name)).catch(() => undefined))?.isDirectory() ?? false
}

/** A file of the folder that is a model by itself. What runs as a program is none: nobody has named it. */
async function looseItem(folder: string, file: string): Promise<Item[]> {
  const name = nameOf(file)
  const path = join(folder, file)
  if (!isName(name) || !(await stateOf(path))) return []
  const known = formatOf({ path, bytes: await readFile(path) })
  return known && known !== 'module' ? [{ name, version: LOOSE, path }] : []
}

/** The name of a model by that of its file: what stands before the ending. */
export function nameOf(path: string): string {
  return basename(path)
    .replace(/(\.gz)?$/i, '')
    .replace(/\.[a-z0-9]+$/i, '')
}

/** What tells that a file has changed; undefined where there is none. */
async function stateOf(path: string): Promise<string | undefined> {
  const status = await stat(path).catch(() => undefined)
  return status?.isFile() ? `${status.ino}:${status.size}:${status.mtimeMs}` : undefined
}

function pointerOf(text: string): Pointer | undefined {
  try {
    const { active, before = [] } = JSON.parse(text)
    if (typeof active !== 'string' || !Array.isArray(before) || !before.every((one) => typeof one === 'string'))
      return undefined
    return { active, before }
  } catch {
    return undefined
  }
}
