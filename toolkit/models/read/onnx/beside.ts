/** Files beside a model that hold its weights. */
import { lstatSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileError } from '../../../errors.ts'
import { Place } from '../../document.ts'
import type { ModelFile } from '../../model.ts'

/** What the runtime takes in one message. */
const LARGEST = 2 ** 31 - 1

export class Beside {
  readonly #file: ModelFile
  readonly #files = new Map<string, { bytes: Buffer; left: number }>()
  #left = LARGEST

  constructor(file: ModelFile) {
    this.#file = file
  }

  /**
   * The bytes of a tensor.
   * @param location name of the file; @param offset first byte, 0 where absent; @param length all that follow where absent
   * @throws InputError where the file is elsewhere, not there, or shorter
   */
  read(tensor: string, location = '', offset = '0', length?: string): Uint8Array {
    const place = new Place(this.#file.path, `weights ${JSON.stringify(tensor)}`, location)
    const data = this.#open(place, location)
    const { bytes } = data
    const from = place.with(offset).whole(0, Number.MAX_SAFE_INTEGER)
    const count = length === undefined ? bytes.length - from : place.with(length).whole(0, Number.MAX_SAFE_INTEGER)
    if (!(from + count <= bytes.length) || count < 0) {
      place.refuse(
        `bytes ${from} to ${from + count} of ${JSON.stringify(location)}, which has ${bytes.length}; is it whole?`,
      )
    }
    data.left -= count
    this.#left -= count
    if (data.left < 0) place.refuse(`${JSON.stringify(location)} holds less than the tensors in it together`)
    if (this.#left < 0) place.refuse(`more than 2 GB of weights, which the ONNX runtime does not take at once`)
    return bytes.subarray(from, from + count)
  }

  #open(place: Place, location: string) {
    const known = this.#files.get(location)
    if (known) return known
    // Nothing but what lies beside the model, or in a folder there, is read for it.
    const within = location !== '' && !location.includes('\0') && !/^[\\/]|^[a-z]:|\\|(^|\/)\.\.(\/|$)/i.test(location)
    if (!within) place.fail('the name of a file beside the model')
    const path = join(dirname(this.#file.path), location)
    const bytes = readPlain(place, path, location)
    const opened = { bytes, left: bytes.length }
    this.#files.set(location, opened)
    return opened
  }
}

function readPlain(place: Place, path: string, location: string): Buffer {
  try {
    const stats = lstatSync(path)
    if (!stats.isFile()) place.fail('a file beside the model, and no link')
    if (stats.size > LARGEST)
      place.refuse(`${JSON.stringify(location)} has more than 2 GB, which the ONNX runtime does not take at once`)
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError(path, error)
    return place.refuse(`they are in ${JSON.stringify(location)}, which is not beside the model; copy it there`)
  }
}
