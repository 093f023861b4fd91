/** Stands between workers and a broker, and cuts all connections in the middle of what is being sent. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

export class Cable {
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  /** Whether what comes next is cut in its middle. */
  #cutting = false
  cuts = 0

  private constructor(target: number) {
    this.#server = createServer((near) => {
      const far = connect(target, '127.0.0.1')
      const pair = [near, far] as const
      this.#pairs.add(pair)
      const end = () => {
        near.destroy()
        far.destroy()
        this.#pairs.delete(pair)
      }
      for (const socket of pair) socket.on('error', end).on('close', end)
      near.on('data', (bytes) => this.#forward(bytes, far, end))
      far.on('data', (bytes) => this.#forward(bytes, near, end))
    })
  }

  static async start(target: number): Promise<Cable> {
    const cable = new Cable(target)
    await once(cable.#server.listen(0, '127.0.0.1'), 'listening')
    return cable
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.#server.address() as { port: number }).port}`
  }

  /** Cuts every connection: one of them after half of what it sends next. */
  cut(): void {
    this.#cutting = true
    this.cuts++
  }

  end(): void {
    this.#server.close()
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
  }

  #forward(bytes: Buffer, to: Socket, end: () => void): void {
    if (!this.#cutting) {
      to.write(bytes)
      return
    }
    this.#cutting = false
    to.end(bytes.subarray(0, bytes.length >> 1))
    setImmediate(() => {
      end()
      for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
    })
  }
}
