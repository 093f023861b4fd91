/** Runs command.mjs in a worker thread. */
import process from 'node:process'
import { Worker } from 'node:worker_threads'

new Worker(new URL('command.mjs', import.meta.url), { argv: process.argv.slice(2) })
