/** A module as a teacher: what it exports, and its answers. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Numbers } from 'nndrone'
import { InputError } from '../../../errors.ts'
import { checkedAnswers } from '../../answers.ts'
import type { Description, Model, ModelFile } from '../../model.ts'
import { repeated } from '../../names.ts'

/** @throws InputError where it cannot be loaded, or names an export that is missing */
export async function openModule(file: ModelFile): Promise<Model> {
  return new ModuleModel(file, await load(file))
}

type Predict = (events: Numbers) => unknown

class ModuleModel implements Model {
  readonly file: ModelFile
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly optional: ReadonlySet<string> = new Set()
  readonly #predict: Predict

  /** @throws InputError that names the export */
  constructor(file: ModelFile, exported: Readonly<Record<string, unknown>>) {
    this.file = file
    this.inputs = names(file, 'inputs', exported.inputs)
    this.outputs = exported.outputs === undefined ? ['score'] : names(file, 'outputs', exported.outputs)
    if (typeof exported.predictBatch !== 'function') {
      throw new InputError(`${file.path}: exports no function predictBatch(events)`)
    }
    this.#predict = exported.predictBatch as Predict
  }

  async predictBatch(events: Numbers): Promise<Float32Array> {
    // A copy: whoever scales events in place must not change those that a drone learns from.
    const answers = await this.#asked(events.slice())
    return checkedAnswers(this.file.path, answers, events.length / this.inputs.length, this.outputs)
  }

  async #asked(events: Numbers): Promise<unknown> {
    try {
      return await this.#predict(events)
    } catch (error) {
      throw new InputError(`${this.file.path}: predictBatch failed: ${(error as Error)?.stack ?? error}`)
    }
  }

  describe(): Description {
    return { format: 'module', inputs: this.inputs, outputs: this.outputs }
  }
}

async function load({ path }: ModelFile): Promise<Readonly<Record<string, unknown>>> {
  try {
    const loaded = await import(pathToFileURL(resolve(path)).href)
    return 'predictBatch' in loaded ? loaded : (loaded.default ?? loaded)
  } catch (error) {
    const { code, message } = Object(error) as NodeJS.ErrnoException
    const reason = code === 'ERR_UNKNOWN_FILE_EXTENSION' ? 'this runtime reads no TypeScript' : (message ?? error)
    throw new InputError(`${path}: cannot be loaded: ${reason}`)
  }
}

function names({ path }: ModelFile, key: string, value: unknown): string[] {
  const list = Array.isArray(value) ? value : []
  const fits = list.length > 0 && list.every((name) => typeof name === 'string' && name !== '')
  if (fits && repeated(list) === undefined) return [...list]
  throw new InputError(`${path}: exports no ${key}, expected an array of names that differ`)
}
