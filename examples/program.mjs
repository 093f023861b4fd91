// program.mjs
import { createInterface } from 'node:readline'

for await (const line of createInterface({ input: process.stdin })) {
  const { pt, eta } = JSON.parse(line)
  process.stdout.write(`${1 / (1 + Math.exp(eta - pt))}\n`)
}
