/** Writes a drone as C99, which gives the same bits wherever a compiler keeps to IEEE. */
import { type Network, shortest } from 'nndrone'
import { InputError, OptionError } from '../../errors.ts'
import { type FunctionId, functionsOf, type Step, stepsOf } from '../exported/functions.ts'
import { checkTexts, type Exportable, type Exported, exported, shapeOf } from '../exported/index.ts'

export interface COptions {
  /** What all names begin with, before an underscore: letters, digits and underscores; `drone` unless given. */
  name?: string
  /** Whether it is a header, whose functions are static, to be included wherever they are called. */
  header?: boolean
}

/** What a layer takes of the stack stays small: two lists of so many numbers lie on it. */
const WIDEST = 1 << 16

/**
 * The text of a file of C99, which is C++ too, that scores as the drone does, to the bit: it needs nothing but
 * `<stdint.h>`, keeps no state, and may be called by any number of threads. To be compiled with -ffp-contract=off.
 * @throws OptionError where `name` is none in C; InputError where a name of the drone cannot be written in C, or a layer
 * has more than 65,536 units
 * @example writeFileSync('drone.c', exportC(drone))
 */
export function exportC(drone: Exportable, { name = 'drone', header = false }: COptions = {}): string {
  if (!/^[A-Za-z]\w*$/.test(name)) {
    throw new OptionError('name', 'expected letters, digits and underscores, a letter first', JSON.stringify(name))
  }
  const whole = exported(drone)
  checkTexts(whole, 'C', /\0/)
  const { network } = whole
  const steps = stepsOf(network)
  const widest = Math.max(network.inputs.length, ...steps.map(({ units }) => units))
  if (widest > WIDEST) {
    throw new InputError(
      `${shapeOf(network)}: ${widest} numbers in a layer, but C's stack has room for ${WIDEST}; take .wasm or .mjs`,
    )
  }
  const text = program(whole, steps, widest, header ? 'static inline ' : '')
  return text.replaceAll('§', `${name}_`).replaceAll('¶', `${name.toUpperCase()}_`)
}

/** The file, with § and ¶ for what names begin with: no text of the drone's holds them, since its bytes are escaped. */
function program(whole: Exported, steps: readonly Step[], widest: number, linkage: string): string {
  const { network, made } = whole
  const guarded = linkage !== ''
  const cuts = cutsOnOutputs(whole)
  const several = cuts.length > 0
  return `/*
 * ${made}
 * Compile it with -ffp-contract=off, as gcc and clang have it: then scores are those of nndrone, to the bit.
 * An event is ${network.inputs.length} numbers in the order of §input. What is not finite becomes the default of its
 * input; where there is none, the score is NaN.
 */
${guarded ? '#ifndef ¶H\n#define ¶H\n\n' : ''}#include <stdint.h>

#if defined(__FAST_MATH__)
#error "this file needs IEEE arithmetic: compile it without -ffast-math"
#endif
#if defined(__FLT_EVAL_METHOD__) && (__FLT_EVAL_METHOD__ == 1 || __FLT_EVAL_METHOD__ == 2)
#error "this file needs arithmetic in float: compile it with -msse2 -mfpmath=sse"
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum { ¶INPUTS = ${network.inputs.length}, ¶OUTPUTS = ${network.outputs.length}, ¶CUTS = ${cuts.length} };

/* The first output; the event is double[¶INPUTS]. */
${linkage}float §score(const double *event);
/* All outputs, float[¶OUTPUTS]. */
${linkage}void §answer(const double *event, float *answer);
/* The names of inputs and outputs, in UTF-8. */
${linkage}const char *§input(int i);
${linkage}const char *§output(int i);
${
  several
    ? `/* Cuts: the name, the output that is compared, and the threshold. An event passes whose score is at least that. */
${linkage}const char *§cut(int i);
${linkage}int §cut_output(int i);
${linkage}float §cut_threshold(int i);
`
    : ''
}
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

${functionsOf(steps)
  .map((id) => FUNCTIONS[id])
  .join('\n\n')}

${constants(network, steps)}

${linkage}void §answer(const double *event, float *answer) {
  float x[${widest}];${steps.length > 1 ? `\n  float y[${widest}];` : ''}
  int i;
${preprocessing(network)}
${steps.map(stepText).join('\n')}
}

${linkage}float §score(const double *event) {
  float answer[¶OUTPUTS];
  §answer(event, answer);
  return answer[0];
}

${texts(
  linkage,
  'input',
  '¶INPUTS',
  network.inputs.map((input) => input.name),
)}

${texts(linkage, 'output', '¶OUTPUTS', network.outputs)}
${several ? cutTexts(linkage, cuts) : ''}
#ifdef __cplusplus
}
#endif
${guarded ? '\n#endif\n' : ''}`
}

function texts(linkage: string, what: string, count: string, names: readonly string[]): string {
  return `${linkage}const char *§${what}(int i) {
  static const char *const names[${count}] = {
${rows(names.map(quoted), 4)}
  };
  return names[i];
}`
}

interface PlainCut {
  name: string
  /** The place of the output that is compared. */
  output: number
  threshold: number
}

/** Those that compare one output; a share of several is left to whoever has all scores. */
function cutsOnOutputs({ network, cuts }: Exported): PlainCut[] {
  return Object.entries(cuts).flatMap(([name, { output, threshold }]) => {
    return typeof output === 'string' ? [{ name, output: network.outputs.indexOf(output), threshold }] : []
  })
}

function cutTexts(linkage: string, cuts: readonly PlainCut[]): string {
  return `
${texts(
  linkage,
  'cut',
  '¶CUTS',
  cuts.map(({ name }) => name),
)}

${linkage}int §cut_output(int i) {
  static const int outputs[¶CUTS] = {${cuts.map(({ output }) => output).join(', ')}};
  return outputs[i];
}

${linkage}float §cut_threshold(int i) {
  static const float thresholds[¶CUTS] = {${cuts.map(({ threshold }) => float(threshold)).join(', ')}};
  return thresholds[i];
}
`
}

/** A text in C: its bytes in UTF-8, and none that a compiler might take for something else. */
function quoted(text: string): string {
  const characters = Array.from(Buffer.from(text), (byte) => {
    const plain = byte >= 0x20 && byte < 0x7f && !'"\\?'.includes(String.fromCharCode(byte))
    // Three octal digits end by themselves, whatever follows.
    return plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`
  })
  return `"${characters.join('')}"`
}

/** The shortest decimal that a compiler reads as the same number. */
function float(value: number): string {
  return `${double(shortest(value))}f`
}

function double(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

function list(type: string, name: string, values: readonly string[]): string {
  return `static const ${type} ${name}[${values.length}] = {\n${rows(values, 2)}\n};`
}

/** Values in lines that are not too long to look at. */
function rows(values: readonly string[], indent: number): string {
  const lines: string[] = []
  for (let i = 0; i < values.length; i += 8) lines.push(' '.repeat(indent) + values.slice(i, i + 8).join(', '))
  return lines.join(',\n')
}

const hasDefaults = ({ inputs }: Network) => inputs.some((input) => input.default !== undefined)

function constants(network: Network, steps: readonly Step[]): string {
  const { inputs } = network
  const known = inputs.map((input) => (input.default === undefined ? '0' : '1'))
  return [
    list(
      'double',
      '§offset',
      inputs.map(({ offset }) => double(offset)),
    ),
    list(
      'double',
      '§scale',
      inputs.map(({ scale }) => double(scale)),
    ),
    ...(hasDefaults(network)
      ? [
          list(
            'double',
            '§default',
            inputs.map((input) => double(input.default ?? 0)),
          ),
          list('char', '§has_default', known),
        ]
      : []),
    ...steps.flatMap(({ weights, bias }, k) => [
      list('float', `§weights${k}`, Array.from(weights, float)),
      list('float', `§bias${k}`, Array.from(bias, float)),
    ]),
  ].join('\n')
}

/** The difference is NaN where the value is not finite. */
function preprocessing(network: Network): string {
  const missing = hasDefaults(network) ? '§has_default[i] ? §default[i] : value - value' : 'value - value'
  return `  for (i = 0; i < ¶INPUTS; i++) {
    double value = event[i];
    if (!(value - value == 0)) value = ${missing};
    x[i] = (float)((value + §offset[i]) * §scale[i]);
  }`
}

function stepText(step: Step, k: number, steps: readonly Step[]): string {
  const { inputs, units, activation } = step
  const [from, other] = k % 2 === 0 ? ['x', 'y'] : ['y', 'x']
  const to = k === steps.length - 1 ? 'answer' : other
  const sum = step.dot
    ? `  ${to}[0] = §bias${k}[0] + §dot(${inputs}, §weights${k}, ${from});`
    : `  §dense(${inputs}, ${units}, §weights${k}, §bias${k}, ${from}, ${to});`
  if (activation === 'softmax') return `${sum}\n  §softmax(${units}, ${to});`
  if (activation === 'linear') return sum
  return `${sum}\n  for (i = 0; i < ${units}; i++) ${to}[i] = ${activated(step, `${to}[i]`)};`
}

/** What becomes of z; of softmax and linear nothing. */
function activated({ activation, alpha }: Step, z: string): string {
  switch (activation) {
    case 'hiddenSigmoid':
    case 'sigmoid':
    case 'tanh':
      return `§${activation}(${z})`
    case 'rectified':
      return `${z} < 0 ? 0 : ${z}`
    case 'hard_sigmoid':
      return `§hardSigmoid(${z})`
    case 'elu':
      return `${z} < 0 ? ${float(alpha)} * §expMinusOne(${z}) : ${z}`
    case 'leakyrelu':
      return `${z} < 0 ? ${float(alpha)} * ${z} : ${z}`
    case 'swish':
      return `${z} * §sigmoid(${float(alpha)} * ${z})`
    case 'abs':
      return `${z} < 0 ? -${z} : ${z} + 0.0f`
    default:
      return z
  }
}

/** In the order of operations of the definition in the library (`bindings/arithmetic/`). */
const FUNCTIONS: Readonly<Record<FunctionId, string>> = {
  bits: `typedef union {
  float f;
  uint32_t u;
} §word;

static inline float §power_of_two(float k) {
  §word word;
  word.f = k;
  word.u <<= 23;
  return word.f;
}`,
  remainder: `static inline float §remainder(float x, float n) {
  return (x - n * 0.693145752f) - n * 1.42860677e-6f;
}`,
  power: `static inline float §power(float r) {
  const float square = r * r;
  const float high = (0.041668389f + 0.00836874545f * r) + square * 0.00138145417f;
  const float low = 0.49999994f + 0.166665211f * r;
  return r + square * (low + square * high);
}`,
  ratio: `/* 2^n (a + b) / (2^n (a + b) + (a - b)), with n in the bits of k. */
static inline float §ratio(float k, float a, float b) {
  const float power = §power_of_two(k) * (a + b);
  return power / (power + (a - b));
}`,
  exp: `static inline float §exp(float x) {
  §word k, power;
  if (!(x <= 88.7228317f)) return x * 3e38f;
  if (x < -87.3365402f) return 0;
  k.f = x * 1.44269502f + 12582912.0f;
  power.f = 1 + §power(§remainder(x, k.f - 12582912.0f));
  power.u += k.u << 23;
  return power.f;
}`,
  expMinusOne: `static inline float §expMinusOne(float x) {
  const float bounded = x < -80 ? -80 : x;
  const float k = bounded * 1.44269502f + 12583039.0f;
  const float scale = §power_of_two(k);
  return scale * §power(§remainder(bounded, k - 12583039.0f)) + (scale - 1);
}`,
  sigmoid: `static inline float §sigmoid(float x) {
  const float bounded = 40 < x ? 40 : x;
  const float k = bounded * 1.44269502f + 12583039.0f;
  const float r = §remainder(bounded, k - 12583039.0f);
  const float square = r * r;
  const float even = 10.573247f * square + 105.759125f;
  const float odd = (r * 0.88f) * (square + 60.0904121f);
  const float y = §ratio(k, even, odd);
  return x < -87.3365402f ? 0 : y;
}`,
  hiddenSigmoid: `static inline float §hiddenSigmoid(float x) {
  const float below = 40 < x ? 40 : x;
  const float bounded = below < -86 ? -86 : below;
  const float t = bounded * 1.44269502f;
  const float k = t + 12583039.0f;
  const float f = t - (k - 12583039.0f);
  const float square = f * f;
  const float even = square * 17.334005f + 360.87533f;
  const float odd = f * (square + 125.06986f);
  return §ratio(k, even, odd);
}`,
  hardSigmoid: `static inline float §hardSigmoid(float x) {
  const float line = x * 0.2f + 0.5f;
  return line < 0 ? 0 : 1 < line ? 1 : line;
}`,
  tanh: `static inline float §tanh(float x) {
  const float size = x < 0 ? x : -x;
  const float bounded = size < -9.02f ? -9.02f : size;
  const float k = bounded * 2.88539004f + 12583039.0f;
  const float r = (bounded + bounded) - (k - 12583039.0f) * 0.693147182f;
  const float scale = §power_of_two(k);
  const float rest = scale * §power(r);
  §word y, sign;
  sign.f = x;
  y.f = ((1 - scale) - rest) / ((1 + scale) + rest);
  y.u |= sign.u & 0x80000000u;
  return y.f;
}`,
  softmax: `static inline void §softmax(int count, float *y) {
  float largest = y[0];
  float sum;
  int i;
  for (i = 1; i < count; i++) largest = y[i] > largest ? y[i] : largest;
  for (i = 0; i < count; i++) y[i] = §exp(y[i] - largest);
  sum = y[0];
  for (i = 1; i < count; i++) sum += y[i];
  for (i = 0; i < count; i++) y[i] /= sum;
}`,
  dense: `static inline void §dense(int inputs, int units, const float *weights, const float *bias, const float *x, float *z) {
  int i, j;
  for (i = 0; i < units; i++) z[i] = bias[i];
  for (j = 0; j < inputs; j++) {
    const float xj = x[j];
    for (i = 0; i < units; i++) z[i] += xj * weights[j * units + i];
  }
}`,
  dot: `static inline float §dot(int count, const float *weights, const float *x) {
  float sums[4] = {0, 0, 0, 0};
  int j;
  for (j = 0; j < count; j++) sums[j & 3] += weights[j] * x[j];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}`,
}
