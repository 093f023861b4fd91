/** What every format of trained models looks like to the commands. */
import type { Teacher } from 'nndrone'

/** Anything that answers events: a drone, or what a drone may learn from. */
export interface Model extends Teacher {
  /** Where it came from. */
  readonly file: Origin
  /** Its file does not name the inputs, which are the first columns of the events unless --features names others. */
  readonly unnamed?: boolean
  /** Its file does not tell how events were standardised for it, which --scale-from can. */
  readonly unscaled?: true
  /** The inputs that an event may lack, because the model has a default for them. */
  readonly optional: ReadonlySet<string>
  /** Answers one event at once, where the format can. */
  predict?(event: ArrayLike<number>): unknown
  /** What `inspect` prints: plain values, lists of them, and tables as lists of records. */
  describe(): Description
  /** Ends what was started for it. */
  close?(): Promise<void>
}

/** A file, or what is called instead of one: a program, a service. */
export interface Origin {
  /** As messages name it. */
  readonly path: string
  readonly bytes?: Buffer
}

export type Description = Readonly<Record<string, unknown>>

export interface ModelFile extends Origin {
  readonly bytes: Buffer
}

/** A format: one file in this folder, and one line in index.ts. */
export interface ModelFormat {
  /** Whether a file is of this format. */
  matches(file: ModelFile): boolean
  /** @throws InputError or DroneError that says what is wrong with it */
  read(file: ModelFile): Model | Promise<Model>
}
