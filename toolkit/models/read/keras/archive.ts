/** `model.keras`, the file of Keras 3: a zip of the configuration and an HDF5 file of the weights. */
import { strFromU8, unzipSync } from 'fflate'
import { InputError } from '../../../errors.ts'
import { type HDF5Group, isHDF5, withHDF5 } from '../../keras/hdf5.ts'
import type { Stored } from '../../keras/weights.ts'
import { parsed, type Saved } from './saved.ts'

const SIGNATURE = Buffer.from('PK\x03\x04', 'latin1')

const METADATA = 'metadata.json'
const CONFIG = 'config.json'
const WEIGHTS = 'model.weights.h5'

/** What the files may unpack to, in bytes, and how many there may be. */
const LARGEST = { bytes: 1 << 28, files: 1000 }

type Fail = (message: string) => InputError

export function isArchive(bytes: Buffer): boolean {
  return SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length)) && bytes.includes(CONFIG)
}

export async function withArchive<Result>(
  bytes: Uint8Array,
  fail: Fail,
  use: (saved: Saved) => Result,
): Promise<Result> {
  const files = unpacked(bytes, fail)
  const missing = [METADATA, CONFIG, WEIGHTS].find((name) => !files[name])
  if (missing) throw fail(`a zip, but not a Keras model: no ${missing}`)
  const [metadata, config] = [METADATA, CONFIG].map((name) => parsed(strFromU8(files[name]!), name, fail))
  const { keras_version: version } = (metadata ?? {}) as { keras_version?: unknown }
  if (typeof version !== 'string' || Number.parseInt(version, 10) < 3) {
    throw fail(
      `${METADATA}: keras_version ${JSON.stringify(version)}, expected 3; save it as HDF5 (model.save('model.h5'))`,
    )
  }
  const weights = Buffer.from(files[WEIGHTS]!.buffer)
  if (!isHDF5(weights)) throw fail(`${WEIGHTS}: not HDF5`)
  return withHDF5(weights, fail, (root) => {
    return use({ version, config, stored: ({ unique }) => storedOf(root, `layers/${unique}/vars`) })
  })
}

/** What is packed may claim any size: nothing is unpacked before that is within limits. */
function unpacked(bytes: Uint8Array, fail: Fail): Record<string, Uint8Array> {
  const left = { ...LARGEST }
  try {
    return unzipSync(bytes, {
      filter({ name, size, originalSize }) {
        if (--left.files < 0) throw fail(`more than ${LARGEST.files} files in a zip, expected a Keras model`)
        if (name !== METADATA && name !== CONFIG && name !== WEIGHTS) return false
        left.bytes -= Math.max(size, originalSize)
        if (left.bytes < 0) throw fail(`${name}: ${originalSize} bytes, at most ${LARGEST.bytes} can be read`)
        return true
      },
    })
  } catch (error) {
    if (error instanceof InputError) throw error
    throw fail(`not a zip that can be read, or not all of it (${(error as Error).message})`)
  }
}

/** Named 0, 1, … in the order of the layer's variables. */
function storedOf(root: HDF5Group, path: string): Stored[] {
  const stored: Stored[] = []
  for (let next = root.numbers(`${path}/0`); next; next = root.numbers(`${path}/${stored.length}`)) stored.push(next)
  return stored
}
