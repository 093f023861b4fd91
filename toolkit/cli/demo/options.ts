/** What every demo is asked. */
export interface DemoOptions {
  /** The folder. */
  out: string
  force?: boolean
  seed: number
  json?: boolean
}
