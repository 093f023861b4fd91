/** What an isolated process does. Each call loads what it needs, and no more. */
import { models } from './models.ts'
import { tables } from './tables.ts'

export const calls = {
  ...tables,
  ...models,
  async readHDF5(bytes: Uint8Array) {
    return (await import('../models/keras/h5wasm.ts')).readHDF5(bytes)
  },
}
