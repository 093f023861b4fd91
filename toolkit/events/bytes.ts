/** Takes as many bytes as are wanted from chunks of any size. */

export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #held: Uint8Array[] = []
  /** Bytes that have come and are not taken yet. */
  available = 0

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** Waits for `count` bytes; false where the end comes first. Nothing is allocated for what does not come. */
  async fill(count: number): Promise<boolean> {
    while (this.available < count) {
      const next = await this.#chunks.next()
      if (next.done) return false
      this.#held.push(next.value)
      this.available += next.value.length
    }
    return true
  }

  /** The next bytes, of those that are available. */
  take(count: number): Uint8Array {
    const all = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held)
    this.available = all.length - count
    this.#held = this.available > 0 ? [all.subarray(count)] : []
    return all.subarray(0, count)
  }

  /** As much as came together, at least `least` bytes and a multiple of them; nothing at the end. */
  async takeMultiple(least: number): Promise<Uint8Array> {
    if (!(await this.fill(least))) return new Uint8Array()
    return this.take(this.available - (this.available % least))
  }

  /** All that is not taken yet. */
  async *rest(): AsyncGenerator<Uint8Array> {
    if (this.available > 0) yield this.take(this.available)
    yield* { [Symbol.asyncIterator]: () => this.#chunks }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}
