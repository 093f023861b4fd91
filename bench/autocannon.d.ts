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
    start: Date
    finish: Date
    non2xx: number
    errors: number
    latency: { p50: number; p99: number }
  }
  export default function autocannon(options: Options): Promise<Result>
}
