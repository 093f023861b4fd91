/** Files packed by a program whose work is not undone here: each is refused with what to type. */
import { InputError } from '../../errors.ts'
import type { Opened } from './opened.ts'

/** The first bytes of a packed file in hexadecimal, and what unpacks it, beside itself or from a pipe into a pipe. */
const PACKERS = [
  { name: 'zstd', begins: /^28b52ffd/, file: 'zstd -d', pipe: 'zstd -dc' },
  { name: 'xz', begins: /^fd377a585a00/, file: 'xz -dk', pipe: 'xz -dc' },
  // BZh, a digit, and the beginning of π: a text may begin with less.
  { name: 'bzip2', begins: /^425a683[1-9]31415926/, file: 'bzip2 -dk', pipe: 'bzip2 -dc' },
  { name: 'LZ4', begins: /^04224d18/, file: 'lz4 -d', pipe: 'lz4 -dc' },
]

/** @throws InputError where the bytes are those of a packed file */
export function checkPacked({ name, size, head }: Opened): void {
  const begin = Buffer.from(head.subarray(0, 8)).toString('hex')
  const packer = PACKERS.find(({ begins }) => begins.test(begin))
  if (!packer) return
  const hint =
    size === undefined ? `unpack it in the pipe: … | ${packer.pipe} | …` : `unpack it first: ${packer.file} ${name}`
  throw new InputError(`${name}: packed by ${packer.name}, only gzip is unpacked here; ${hint}`)
}
