/** `model.keras`, the file of Keras 3 and of TensorFlow from 2.12: a zip of the configuration and an HDF5 file of the weights. */
import type { InputError } from '../../../errors.ts'
import { rangesOf, readRange } from '../../../files/ranges.ts'
import { zipEntries } from '../../../files/zip.ts'
import { isHDF5, withHDF5 } from '../../keras/hdf5.ts'
import { short } from '../../keras/options.ts'
import type { ModelFile } from '../../model.ts'
import { parsed, type Saved } from './saved.ts'
import { numberedWeights } from './stored.ts'

const SIGNATURE = Buffer.from('PK\x03\x04', 'latin1')

const METADATA = 'metadata.json'
const CONFIG = 'config.json'
const WEIGHTS = 'model.weights.h5'
const PARTS: readonly string[] = [METADATA, CONFIG, WEIGHTS]

/** What the files may unpack to, in bytes, and how many there may be. */
const LARGEST = { bytes: 1 << 28, files: 1000 }

type Fail = (message: string) => InputError

export function isArchive(bytes: Buffer): boolean {
  return SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length)) && bytes.includes(CONFIG)
}

export async function withArchive<Result>(file: ModelFile, fail: Fail, use: (saved: Saved) => Result): Promise<Result> {
  const parts = await partsOf(file, fail)
  const [metadata, config] = [METADATA, CONFIG].map((name) => parsed(parts.get(name)!.toString(), name, fail))
  const { keras_version: version } = (metadata ?? {}) as { keras_version?: unknown }
  if (typeof version !== 'string') throw fail(`${METADATA}: keras_version: ${short(version)}, expected a version`)
  const weights = parts.get(WEIGHTS)!
  if (!isHDF5(weights)) throw fail(`${WEIGHTS}: not HDF5`)
  return withHDF5(weights, fail, (root) => {
    return use({ version, config, stored: numberedWeights(root) })
  })
}

/** What is packed may claim any size: nothing is unpacked before that is within limits. */
async function partsOf({ path, bytes }: ModelFile, fail: Fail): Promise<Map<string, Buffer>> {
  let files = 0
  const entries = await zipEntries(path, rangesOf(bytes), (name) => {
    if (++files > LARGEST.files) throw fail(`more than ${LARGEST.files} files in a zip, expected a Keras model`)
    return PARTS.includes(name)
  })
  const parts = new Map<string, Buffer>()
  let left = LARGEST.bytes
  for (const [name, entry] of entries) {
    left -= entry.size
    if (left < 0) throw fail(`${name}: ${entry.size} bytes, at most ${LARGEST.bytes} can be read`)
    parts.set(name, Buffer.from((await readRange(entry, 0, entry.size)).buffer))
  }
  const missing = PARTS.find((name) => !parts.has(name))
  if (missing) throw fail(`a zip, but not a Keras model: no ${missing}`)
  return parts
}
