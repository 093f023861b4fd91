/** A teacher as a program: standardised events as f32 on its standard input, answers as f32 on its standard output. */
import { openModel } from '../toolkit/models/index.ts'

const model = await openModel(process.argv[2]!)
const size = 4 * model.inputs.length
let rest = Buffer.alloc(0)
for await (const chunk of process.stdin) {
  rest = Buffer.concat([rest, chunk])
  const whole = rest.length - (rest.length % size)
  const events = new Float32Array(Uint8Array.from(rest.subarray(0, whole)).buffer)
  rest = rest.subarray(whole)
  const answers = await model.predictBatch(events)
  process.stdout.write(Buffer.from(answers.buffer))
}
