/** Writes a drone as a module of plain JavaScript, which gives the same bits without WebAssembly and without a package. */
import { type Cuts, type Network, shortest } from 'nndrone'
import { plainCuts } from '../exported/facts.ts'
import { type FunctionId, functionsOf, type Step, stepsOf } from '../exported/functions.ts'
import { type Exportable, exported } from '../exported/index.ts'

/**
 * The text of a module that scores as the drone does, to the bit, in any JavaScript runtime; it imports nothing. It
 * exports `inputs`, `outputs` and `cuts`, `score(event)` → number, which is the first output, `answer(event, out?)` →
 * Float32Array [outputs], and `row(record)`, an event from a record. An event is an array in the order of `inputs`; what
 * is not a finite number is the default of its input, and where there is none, the score is NaN.
 * @example writeFileSync('drone.mjs', exportModule(drone))
 */
export function exportModule(drone: Exportable): string {
  const { network, cuts, made } = exported(drone)
  const steps = stepsOf(network)
  return `// ${made}
${head(network, cuts)}

const f = Math.fround
const F32 = Float32Array
${functionsOf(steps)
  .map((id) => FUNCTIONS[id])
  .join('\n')}

${constants(network, steps)}

export const row = (record) => inputs.map((name) => record[name])

export function answer(event, out = new F32(outputs.length)) {
  for (let i = 0; i < x.length; i++) {
    x[i] = ((Number.isFinite(event[i]) ? event[i] : defaults[i] ?? NaN) + offset[i]) * scale[i]
  }
${steps.map(stepText).join('\n')}
  return out
}

const first = new F32(outputs.length)
export const score = (event) => answer(event, first)[0]
`
}

function head({ inputs, outputs }: Network, cuts: Cuts): string {
  return `export const inputs = ${literal(inputs.map(({ name }) => name))}
export const outputs = ${literal(outputs)}
export const cuts = ${literal(plainCuts(cuts))}`
}

/** A value in JavaScript, which may stand in a page: no text in it ends a script there. */
function literal(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function constants({ inputs }: Network, steps: readonly Step[]): string {
  const numbers = (values: readonly number[]) => `[${values.map(text).join(',')}]`
  const defaults = inputs.map((input) => (input.default === undefined ? '' : text(input.default)))
  const layers = steps.flatMap(({ weights, bias, units, dot }, k) => [
    `const w${k} = ${floats(weights)}`,
    `const b${k} = ${floats(bias)}`,
    ...(dot || k === steps.length - 1 ? [] : [`const y${k} = new F32(${units})`]),
  ])
  return [
    `const offset = ${numbers(inputs.map(({ offset }) => offset))}`,
    `const scale = ${numbers(inputs.map(({ scale }) => scale))}`,
    // A comma behind the last one, which a list that ends in a hole needs.
    `const defaults = [${defaults.join(',')}${defaults.some(Boolean) ? ',' : ''}]`.replace(/\[,+\]$/, '[]'),
    ...layers,
    `const x = new F32(${inputs.length})`,
  ].join('\n')
}

/** Without a zero before the point. */
function text(value: number): string {
  return (Object.is(value, -0) ? '-0' : String(value)).replace(/^(-?)0\./, '$1.')
}

function floats(values: Float32Array): string {
  return `new F32([${Array.from(values, (value) => text(shortest(value))).join(',')}])`
}

function stepText(step: Step, k: number, steps: readonly Step[]): string {
  const x = k === 0 ? 'x' : `y${k - 1}`
  const y = k === steps.length - 1 ? 'out' : `y${k}`
  const sum = step.dot ? `  out[0] = dot(w${k}, b${k}, ${x})` : `  dense(w${k}, b${k}, ${x}, ${y})`
  if (step.activation === 'softmax') return `${sum}\n  softmax(${y})`
  if (step.activation === 'linear') return sum
  if (step.dot) return `${sum}\n  out[0] = ${activated(step, 'out[0]')}`
  return `${sum}\n  for (let i = 0; i < ${step.units}; i++) ${y}[i] = ${activated(step, `${y}[i]`)}`
}

/** What becomes of z; of softmax and linear nothing. */
function activated({ activation, alpha }: Step, z: string): string {
  const a = `f(${shortest(alpha)})`
  switch (activation) {
    case 'hiddenSigmoid':
    case 'sigmoid':
    case 'tanh':
      return `${activation}(${z})`
    case 'rectified':
      return `${z} < 0 ? 0 : ${z}`
    case 'hard_sigmoid':
      return `hardSigmoid(${z})`
    case 'elu':
      return `${z} < 0 ? ${a} * expMinusOne(${z}) : ${z}`
    case 'leakyrelu':
      return `${z} < 0 ? ${a} * ${z} : ${z}`
    case 'swish':
      return `${z} * sigmoid(f(${a} * ${z}))`
    case 'abs':
      return `Math.abs(${z})`
    default:
      return z
  }
}

/** Each operation rounded to f32, in the order of the definition in the library (`bindings/arithmetic/`). */
const FUNCTIONS: Readonly<Record<FunctionId, string>> = {
  bits: `const float = new F32(1)
const word = new Int32Array(float.buffer)
const power2 = (k) => ((float[0] = k), (word[0] <<= 23), float[0])
const log2e = f(1.44269502)
const round = 12583039`,
  remainder: 'const rest = (x, n) => f(f(x - f(n * f(0.693145752))) - f(n * f(1.42860677e-6)))',
  power: `const power = (r) => {
  const s = f(r * r)
  const a = f(f(f(0.041668389) + f(f(0.00836874545) * r)) + f(s * f(0.00138145417)))
  return f(r + f(s * f(f(f(0.49999994) + f(f(0.166665211) * r)) + f(s * a))))
}`,
  ratio: `const ratio = (k, a, b) => {
  const p = f(power2(k) * f(a + b))
  return f(p / f(p + f(a - b)))
}`,
  exp: `const exp = (x) => {
  if (!(x <= f(88.7228317))) return f(x + Infinity)
  if (x < f(-87.3365402)) return 0
  float[0] = f(x * log2e) + 12582912
  const n = word[0] << 23
  float[0] = 1 + power(rest(x, f(float[0] - 12582912)))
  word[0] += n
  return float[0]
}`,
  expMinusOne: `const expMinusOne = (x) => {
  const b = x < -80 ? -80 : x
  const k = f(f(b * log2e) + round)
  const scale = power2(k)
  return f(f(scale * power(rest(b, f(k - round)))) + f(scale - 1))
}`,
  sigmoid: `const sigmoid = (x) => {
  if (x < f(-87.3365402)) return 0
  const b = x > 40 ? 40 : x
  const k = f(f(b * log2e) + round)
  const r = rest(b, f(k - round))
  const s = f(r * r)
  return ratio(k, f(f(f(10.573247) * s) + f(105.759125)), f(f(r * f(0.88)) * f(s + f(60.0904121))))
}`,
  hiddenSigmoid: `const hiddenSigmoid = (x) => {
  const t = f((x > 40 ? 40 : x < -86 ? -86 : x) * log2e)
  const k = f(t + round)
  const r = f(t - f(k - round))
  const s = f(r * r)
  return ratio(k, f(f(s * f(17.334005)) + f(360.87533)), f(r * f(s + f(125.06986))))
}`,
  hardSigmoid: 'const hardSigmoid = (x) => Math.min(Math.max(f(f(x * f(0.2)) + 0.5), 0), 1)',
  tanh: `const tanh = (x) => {
  const b = Math.max(-Math.abs(x), f(-9.02))
  const k = f(f(b * f(2.88539004)) + round)
  const s = power2(k)
  const r = f(s * power(f(f(b + b) - f(f(k - round) * f(0.693147182)))))
  const y = f(f(f(1 - s) - r) / f(f(1 + s) + r))
  return x < 0 || Object.is(x, -0) ? -y : y
}`,
  softmax: `const softmax = (y) => {
  let most = y[0]
  for (const z of y) if (z > most) most = z
  let sum = 0
  for (let i = 0; i < y.length; i++) sum = f(sum + (y[i] = exp(f(y[i] - most))))
  for (let i = 0; i < y.length; i++) y[i] /= sum
}`,
  dense: `const dense = (w, b, x, z) => {
  z.set(b)
  for (let j = 0, k = 0; j < x.length; j++) for (let i = 0; i < b.length; i++) z[i] += f(x[j] * w[k++])
}`,
  dot: `const dot = (w, b, x) => {
  const s = [0, 0, 0, 0]
  for (let j = 0; j < w.length; j++) s[j & 3] = f(s[j & 3] + f(w[j] * x[j]))
  return b[0] + f(f(s[0] + s[1]) + f(s[2] + s[3]))
}`,
}
