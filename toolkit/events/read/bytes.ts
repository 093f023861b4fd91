/** Takes as many bytes as are wanted from chunks of any size, out of one buffer that is used again and again. */

export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #buffer = new Uint8Array(1 << 16)
  /** Where the bytes begin that are not taken yet. */
  #start = 0
  /** How many have come and are not taken yet. */
  available = 0

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** Waits for `count` bytes; false where the end comes first. Nothing is allocated for what does not come. */
  async fill(count: number): Promise<boolean> {
    while (this.available < count) {
      const next = await this.#chunks.next()
      if (next.done) return false
      this.#append(next.value)
    }
    return true
  }

  /** The next bytes, of those that are available: a view that is good until more are waited for. */
  take(count: number): Uint8Array {
    const bytes = this.#buffer.subarray(this.#start, this.#start + count)
    this.#start += count
    this.available -= count
    return bytes
  }

  /** As much as came together, a multiple of `least` bytes; nothing at the end. */
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

  #append(chunk: Uint8Array): void {
    const length = this.available + chunk.length
    if (this.#start + length > this.#buffer.length) {
      const room = length > this.#buffer.length ? new Uint8Array(2 * length) : this.#buffer
      room.set(this.#buffer.subarray(this.#start, this.#start + this.available))
      this.#buffer = room
      this.#start = 0
    }
    this.#buffer.set(chunk, this.#start + this.available)
    this.available = length
  }
}
