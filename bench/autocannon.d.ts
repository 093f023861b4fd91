/** What the benchmark uses of autocannon, which has no types of its own. */
declare module 'autocannon' {
  interface Options {
    url: string
    method: string
    body: string | Buffer
    headers: Record<string, string>
    connections: number
    amount: number
  }
  interface Result {
    non2xx: number
    errors: number
    latency: { p50: number; p99: number }
  }
  interface Run extends PromiseLike<Result> {
    on(event: 'response', heard: () => void): void
  }
  export default function autocannon(options: Options): Run
}
