/** drone.schema.json beside the reader: what the one refuses, the other does. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as assert from 'uvu/assert'
import { root } from './support.ts'

const schema = JSON.parse(readFileSync(join(root, 'bindings/model/drone.schema.json'), 'utf8'))
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema)

/** What only informs: the reader keeps whatever stands there. So it does with values that do not count. */
const INFORMS = /^\/nndrone\/(teacher|domain|training|fidelity|quantiles)\b|^\/inputs\/\d+\/default$/

/** What a schema cannot say: lengths that belong together, names that come twice, what the last layer alone may be. */
const BEYOND =
  /^layers\[\d+\]\.weights: \d+ numbers?, |^outputs: \d+ names?, | is the name of |last layer only$|^layers: \d+ parameters|\.output: /

function faults(document: unknown): string[] {
  if (validate(document)) return []
  return validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** A document that was written is valid. */
export function valid(document: unknown): void {
  assert.equal(faults(JSON.parse(JSON.stringify(document))), [])
}

/** A document that the reader accepts is valid in all that counts. */
export function accepted(document: unknown): void {
  assert.equal(
    faults(document).filter((fault) => !INFORMS.test(fault)),
    [],
  )
}

/** A document that the reader refuses is not valid, where a schema can say so. */
export function refusedAlike(document: unknown, message: string): void {
  if (!BEYOND.test(message)) assert.is.not(faults(document).length, 0, `the schema accepts: ${message}`)
}
