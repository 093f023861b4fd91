/**
 * What the heads of a column's pages declare, looked at before hyparquet decodes them: it goes on for ever where a page
 * does not end, and makes room for as many values as a head says.
 * https://parquet.apache.org/docs/file-format/data-pages/
 */

/** Fields of a page's head: its sizes, and the heads of data of both versions and of a dictionary. */
const HEAD = { unpacked: 2, packed: 3, data: 5, dictionary: 7, data2: 8 }
const VALUES = 1

/** How deep a head may lie in another. */
const DEEPEST = 8

/**
 * @param bytes of pages, the first of which begins there
 * @param values of the column, behind which nothing is read
 * @throws RangeError where a page does not lie in them, or declares more values than there are
 */
export function checkPages(bytes: DataView, values: number): void {
  const heads = new Heads(bytes)
  for (let left = values; left > 0 && heads.at < bytes.byteLength - 1; ) {
    const { packed, unpacked, data, dictionary } = heads.next()
    const rest = bytes.byteLength - heads.at
    if (!(packed >= 0 && packed <= rest)) throw new RangeError(`a page of ${packed} bytes where ${rest} are left`)
    if (!(unpacked >= 0)) throw new RangeError(`a page that unpacks to ${unpacked} bytes`)
    // A value of a dictionary takes a byte at least.
    checkCount(dictionary, unpacked)
    checkCount(data, left)
    left -= data
    heads.at += packed
  }
}

function checkCount(count: number, room: number): void {
  if (!(count >= 0 && count <= room)) throw new RangeError(`a page of ${count} values where ${room} can be`)
}

/** What a page declares: its bytes, and its values or those of a dictionary. */
interface Head {
  packed: number
  unpacked: number
  data: number
  dictionary: number
}

/** Heads in Thrift's compact protocol, of which the numbers are read. https://thrift.apache.org/docs/ */
class Heads {
  at = 0
  readonly #bytes: DataView

  constructor(bytes: DataView) {
    this.#bytes = bytes
  }

  next(): Head {
    const fields = this.#fields(DEEPEST)
    const number = (value: unknown) => (typeof value === 'number' ? value : Number.NaN)
    const values = (kind: unknown) => (kind instanceof Map ? number(kind.get(VALUES)) : 0)
    return {
      packed: number(fields.get(HEAD.packed)),
      unpacked: number(fields.get(HEAD.unpacked)),
      data: values(fields.get(HEAD.data) ?? fields.get(HEAD.data2)),
      dictionary: values(fields.get(HEAD.dictionary)),
    }
  }

  #fields(depth: number): Map<number, unknown> {
    if (depth === 0) throw new RangeError('heads too deep in one another')
    const fields = new Map<number, unknown>()
    for (let field = 0, byte = this.#byte(); byte !== 0; byte = this.#byte()) {
      field = byte >> 4 ? field + (byte >> 4) : this.#zigzag()
      fields.set(field, this.#value(byte & 15, depth))
    }
    return fields
  }

  /** By the types of the protocol: yes, no, a byte, whole numbers of 16, 32 and 64 bits, a double, bytes, a list, fields. */
  #value(type: number, depth: number): unknown {
    if (type <= 2) return type === 1
    if (type === 3) return this.#byte()
    if (type <= 6) return this.#zigzag()
    if (type === 7) return this.#skip(8)
    if (type === 8) return this.#skip(this.#varint())
    if (type === 9) return this.#list(depth)
    if (type === 12) return this.#fields(depth - 1)
    throw new RangeError(`a head with a value of type ${type}`)
  }

  #list(depth: number): void {
    const byte = this.#byte()
    const count = byte >> 4 === 15 ? this.#varint() : byte >> 4
    // Truth values take a byte each here.
    const type = (byte & 15) <= 2 ? 3 : byte & 15
    for (let i = 0; i < count; i++) this.#value(type, depth - 1)
  }

  #skip(count: number): void {
    this.at += count
  }

  #byte(): number {
    return this.#bytes.getUint8(this.at++)
  }

  #varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#byte()
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }

  #zigzag(): number {
    const value = this.#varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
}
