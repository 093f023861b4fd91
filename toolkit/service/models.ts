/** The models of a service: names, their versions, and which of these answers where none is named. */
import type { Registry } from '../metrics/index.ts'
import { Failure } from './failure.ts'
import { byVersion, checkName } from './names.ts'
import { type PeerState, windowKey } from './peers.ts'
import { Served, type Source } from './served.ts'
import { droneSource, sha256Of } from './source.ts'

/** Where versions are kept beyond the end of the process. Each call is all or nothing. */
export interface Keeper {
  write(name: string, version: string, document: Uint8Array): Promise<void>
  activate(name: string, pointer: Pointer): Promise<void>
  remove(name: string): Promise<void>
  /** Looks for what others have changed. */
  scan?(): Promise<unknown>
}

/** Which version answers, and which did before, the latest last. */
export interface Pointer {
  active: string
  before: readonly string[]
}

/** A model: its versions, of which at least one is there. */
export interface Entry {
  readonly name: string
  readonly versions: ReadonlyMap<string, Served>
  /** The version that answers. */
  readonly active: Served
  readonly pointer: Pointer
  /** Whether somebody has chosen it; else it is the highest. */
  readonly pinned: boolean
}

export interface ModelsOptions {
  registry: Registry
  /** Events of the window in which drift is measured. */
  window: number
  keeper?: Keeper
}

/**
 * All changes are made to a copy that then takes the place of what was there, between two events: a request holds on to
 * the version that it began with.
 */
export class Models {
  readonly #registry: Registry
  readonly #window: number
  /** Undefined where versions are kept in memory alone. */
  keeper: Keeper | undefined
  /** The model that answers where none is named, once somebody has chosen one. */
  chosen: string | undefined
  /** Told after each change that was asked for here. */
  onChange: (() => Promise<void>) | undefined
  readonly #entries = new Map<string, Entry>()
  /** Changes wait for each other. */
  #last: Promise<unknown> = Promise.resolve()

  constructor({ registry, window, keeper }: ModelsOptions) {
    this.#registry = registry
    this.#window = window
    this.keeper = keeper
  }

  get entries(): Entry[] {
    return [...this.#entries.values()].sort((a, b) => byVersion(a.name, b.name))
  }

  /** What all versions have counted of their latest events, for another process. */
  get windows(): PeerState['windows'] {
    const served = this.entries.flatMap(({ versions }) => [...versions.values()])
    return Object.fromEntries(
      served.flatMap((one) => (one.window ? [[windowKey(one), one.window.counts.toJSON()]] : [])),
    )
  }

  /** @throws Failure 404 */
  entry(name: string): Entry {
    return this.#entries.get(name) ?? missing('model', name)
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  /** The version that answers. @throws Failure 404 */
  served(name: string, version?: string): Served {
    const entry = this.entry(name)
    if (version === undefined) return entry.active
    return entry.versions.get(version) ?? missing('version', `${name}/${version}`)
  }

  /** Takes up what is kept elsewhere already: a file, a teacher. Another one of the same version is replaced. */
  add(name: string, version: string, source: Source, pointer?: Pointer): Served {
    const served = new Served(name, version, source, this.#registry, this.#window)
    const known = this.#entries.get(name)
    const versions = new Map(known?.versions)
    versions.set(version, served)
    const kept = pointer ?? (known?.pinned ? known.pointer : undefined)
    this.#set(name, versions, kept)
    return served
  }

  /** Gives up versions whose files are gone, and the model with the last of them. */
  drop(name: string, version: string): void {
    const known = this.#entries.get(name)
    if (!known) return
    const versions = new Map(known.versions)
    versions.delete(version)
    if (versions.size === 0) this.#entries.delete(name)
    else this.#set(name, versions, known.pinned && known.pointer.active !== version ? known.pointer : undefined)
    this.#registry.forget({ model: name, version })
    this.#registry.forget({ model_name: name, model_version: version })
  }

  /** Follows a choice that was made elsewhere; undefined where none is. */
  follow(name: string, pointer: Pointer | undefined): void {
    const known = this.#entries.get(name)
    if (known) this.#set(name, known.versions, pointer)
  }

  /**
   * Takes a new version, once it is checked whole and kept.
   * @param promote whether it answers from now on; the first version of a model always does
   * @returns whether it was not there before
   * @throws Failure or DroneError that says what is wrong; then nothing has changed
   */
  put(
    name: string,
    version: string,
    document: Uint8Array,
    promote: boolean,
  ): Promise<{ served: Served; created: boolean }> {
    checkName('model', name)
    checkName('version', version)
    return this.#changing(async () => {
      const known = this.#entries.get(name)
      const before = known?.versions.get(version)
      if (before) {
        if (before.source.sha256 !== (await sha256Of(document))) {
          throw new Failure(
            409,
            `version ${version} of ${name} is another drone; a version does not change, take a new one`,
          )
        }
        if (promote) await this.#promote(name, version)
        return { served: before, created: false }
      }
      const source = await droneSource(document)
      if (known && !known.pinned && !promote) await this.keeper?.activate(name, known.pointer)
      await this.keeper?.write(name, version, document)
      const pointer = known && !promote ? known.pointer : { active: version, before: beforeOf(known) }
      if (!known || promote) await this.keeper?.activate(name, pointer)
      return { served: this.add(name, version, source, pointer), created: true }
    })
  }

  /** Makes a version the one that answers. @throws Failure 404 */
  promote(name: string, version: string): Promise<Entry> {
    return this.#changing(() => this.#promote(name, version))
  }

  async #promote(name: string, version: string): Promise<Entry> {
    this.served(name, version)
    const entry = this.entry(name)
    if (entry.pointer.active === version && entry.pinned) return entry
    const before = entry.pointer.active === version ? entry.pointer.before : beforeOf(entry)
    return this.#point(name, { active: version, before })
  }

  /** Makes the version before the one that answers. @throws Failure 409 where there is none */
  rollBack(name: string): Promise<Entry> {
    return this.#changing(async () => {
      const { pointer, versions } = this.entry(name)
      const before = pointer.before.filter((version) => versions.has(version))
      const active = before.pop()
      if (active === undefined)
        throw new Failure(409, `${name}: there is no version before ${pointer.active} to go back to`)
      return this.#point(name, { active, before })
    })
  }

  /** Takes a model away with all its versions. @throws Failure 404 */
  remove(name: string): Promise<void> {
    return this.#changing(async () => {
      const { versions } = this.entry(name)
      await this.keeper?.remove(name)
      for (const version of [...versions.keys()]) this.drop(name, version)
    })
  }

  /** A number that no version has yet. */
  nextVersion(name: string): string {
    const numbers = [...(this.#entries.get(name)?.versions.keys() ?? [])].filter((version) =>
      /^\d{1,15}$/.test(version),
    )
    return String(Math.max(0, ...numbers.map(Number)) + 1)
  }

  async #point(name: string, pointer: Pointer): Promise<Entry> {
    await this.keeper?.activate(name, pointer)
    this.#set(name, this.entry(name).versions, pointer)
    return this.entry(name)
  }

  /** @param pointer the choice of a version; without one, or where that version is gone, the highest answers */
  #set(name: string, versions: ReadonlyMap<string, Served>, pointer: Pointer | undefined): void {
    const chosen = pointer && versions.get(pointer.active)
    const sorted = new Map([...versions].sort(([a], [b]) => byVersion(a, b)))
    const active = chosen ?? [...sorted.values()].at(-1)!
    const kept = chosen ? pointer : { active: active.version, before: [] }
    this.#entries.set(name, { name, versions: sorted, active, pointer: kept, pinned: chosen !== undefined })
  }

  /** Others are told when a change is made, not before it: what they then do may wait for what they do to us. */
  async #changing<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = await this.inTurn(change)
    await this.onChange?.()
    return result
  }

  /** Waits for the changes before. */
  inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(change)
    this.#last = result.catch(() => {})
    return result
  }
}

/** Versions that are remembered to go back to. */
const REMEMBERED = 20

function beforeOf(entry: Entry | undefined): string[] {
  return entry ? [...entry.pointer.before, entry.pointer.active].slice(-REMEMBERED) : []
}

function missing(what: 'model' | 'version', name: string): never {
  throw new Failure(404, `there is no ${what} ${JSON.stringify(name.slice(0, 210))}`)
}
