/** Packed bytes, as gzip and zip have them. */
import { Readable } from 'node:stream'
import type { Gunzip, InflateRaw } from 'node:zlib'
import { InputError } from '../errors.ts'

/**
 * What zlib makes of packed bytes.
 * @throws InputError where they are cut short or broken
 */
export async function* unpacked(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  unpacking: Gunzip | InflateRaw,
): AsyncGenerator<Uint8Array> {
  const packed = Readable.from(bytes, { objectMode: false, highWaterMark: 1 })
  packed.on('error', (error) => unpacking.destroy(error))
  try {
    yield* packed.pipe(unpacking)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'Z_BUF_ERROR') throw new InputError(`${name}: the packed data end too early; is the file whole?`)
    if (code?.startsWith('Z_')) throw new InputError(`${name}: the packed data are broken (${message})`)
    throw error
  } finally {
    packed.destroy()
  }
}
