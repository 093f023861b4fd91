/**
 * Reads tables of FlatBuffers. Whatever points out of the bytes is a RangeError.
 * https://flatbuffers.dev/internals/
 */
export class FlatTable {
  readonly bytes: Buffer
  /** Where the table stands. */
  readonly #at: number
  /** Where the places of its fields stand. */
  readonly #places: number

  private constructor(bytes: Buffer, at: number) {
    this.bytes = bytes
    this.#at = at
    this.#places = at - bytes.readInt32LE(at)
  }

  /** The table that the bytes at a place point to; at their beginning it is the root. */
  static at(bytes: Buffer, place: number): FlatTable {
    return new FlatTable(bytes, place + bytes.readUInt32LE(place))
  }

  /** Where a field stands, undefined where it is left out. Fields are numbered from 0. */
  place(field: number): number | undefined {
    const entry = 4 + 2 * field
    if (entry >= this.bytes.readUInt16LE(this.#places)) return undefined
    const offset = this.bytes.readUInt16LE(this.#places + entry)
    return offset === 0 ? undefined : this.#at + offset
  }

  int8(field: number): number {
    const place = this.place(field)
    return place === undefined ? 0 : this.bytes.readInt8(place)
  }

  int16(field: number): number {
    const place = this.place(field)
    return place === undefined ? 0 : this.bytes.readInt16LE(place)
  }

  int32(field: number): number {
    const place = this.place(field)
    return place === undefined ? 0 : this.bytes.readInt32LE(place)
  }

  int64(field: number): number {
    const place = this.place(field)
    return place === undefined ? 0 : Number(this.bytes.readBigInt64LE(place))
  }

  table(field: number): FlatTable | undefined {
    const place = this.place(field)
    return place === undefined ? undefined : FlatTable.at(this.bytes, place)
  }

  string(field: number): string {
    const { at, length } = this.#list(field, 1)
    return this.bytes.toString('utf8', at, at + length)
  }

  tables(field: number): FlatTable[] {
    return this.vector(field, 4).map((place) => FlatTable.at(this.bytes, place))
  }

  /** Where the items of a list stand, each of `size` bytes. */
  vector(field: number, size: number): number[] {
    const { at, length } = this.#list(field, size)
    return Array.from({ length }, (_, i) => at + i * size)
  }

  /** Where a list begins, and how many items it has. */
  #list(field: number, size: number): { at: number; length: number } {
    const place = this.place(field)
    if (place === undefined) return { at: 0, length: 0 }
    const at = place + this.bytes.readUInt32LE(place)
    const length = this.bytes.readUInt32LE(at)
    if (length * size > this.bytes.length - at) throw new RangeError(`a list of ${length} items`)
    return { at: at + 4, length }
  }
}
