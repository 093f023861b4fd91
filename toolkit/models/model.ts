/** What a trained model is, of whatever format, and what a format is that files are read from. */
import type { Teacher } from 'nndrone'
import type { Chain } from './chain.ts'
import type { ModelTimes } from './timing.ts'

/** Anything that answers events: a drone, or what a drone may learn from. */
export interface Model extends Teacher {
  /** Where it came from. */
  readonly file: Origin
  /** Its file does not name the inputs, which are the first columns of the events unless --features names others. */
  readonly unnamed?: boolean
  /** Its file does not tell how events were standardised for it, which --scale-from can. */
  readonly unscaled?: true
  /** How inputs are computed of columns, for events that do not have them: expressions such as `log(chi2)`, by name. */
  readonly formulas?: ReadonlyMap<string, string>
  /** The inputs that an event may lack, because the model has a default for them. */
  readonly optional: ReadonlySet<string>
  /** How its answer is made of what the file computes, where that is not its outputs: `log(reconstruction)`. */
  readonly answer?: string
  /** It rounds all numbers of an event to float32, whatever it is given. */
  readonly float32?: boolean
  /** Answers one event at once, where the format can. */
  predict?(event: ArrayLike<number>): unknown
  /**
   * What it computes, where the format may hold a chain of dense layers, as a drone is one.
   * @throws InputError that names what of it a drone cannot be
   */
  chain?(): Chain
  /** Measures it where it runs, if that is elsewhere. */
  time?(events: Float64Array, duration: number): Promise<ModelTimes>
  /** What `inspect` prints. */
  describe(): Description
  /** Ends what was started for it. */
  close?(): Promise<void>
}

/** A file, or what is called instead of one: a program, a service. */
export interface Origin {
  /** As messages name it: no secret is part of it. */
  readonly path: string
  /** As a drone remembers it, where that is not the name of the file: neither a host nor a path. */
  readonly name?: string
  readonly bytes?: Buffer
}

/** What is told of a model, in the order in which it is printed: plain values, lists of them, and tables as lists of records. */
export interface Facts {
  /** How many numbers it has learnt, where the format tells. */
  readonly parameters?: number
  /** How many trees it consists of, and nodes in all of them. */
  readonly trees?: number
  readonly nodes?: number
  readonly [fact: string]: unknown
}

export interface Description extends Facts {
  /** The format, or the protocol of a service, as people call it. */
  readonly format: string
}

export interface ModelFile extends Origin {
  readonly bytes: Buffer
}

/** A format of files: one file or folder in read/, and one line in formats.ts. */
export interface ModelFormat {
  /** Whether the content is of this format. */
  matches?(file: ModelFile): boolean
  /** How the name of a file ends whose content does not tell. */
  readonly ending?: RegExp
  /** @throws InputError or DroneError that says what is wrong with it */
  read(file: ModelFile, options: ReadOptions): Model | Promise<Model>
}

/** What a file does not tell, and how it is wanted. */
export interface ReadOptions {
  /** Take all trees of a training that was stopped early, not only those up to the best iteration. */
  allTrees?: boolean
  /** How many columns an event has, for a file that leaves it open. */
  columns?: number
}
