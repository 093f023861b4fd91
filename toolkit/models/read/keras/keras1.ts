/** Keras 1.2's names of layers and options as Keras 2 has them (keras-team/keras, tag 1.2.2, keras/layers). */
import type { Node } from './config.ts'

const CLASSES: Readonly<Record<string, string>> = {
  Convolution1D: 'Conv1D',
  Convolution2D: 'Conv2D',
  AtrousConvolution1D: 'Conv1D',
  AtrousConvolution2D: 'Conv2D',
}

const OPTIONS: Readonly<Record<string, string>> = {
  output_dim: 'units',
  nb_filter: 'filters',
  filter_length: 'kernel_size',
  border_mode: 'padding',
  subsample: 'strides',
  subsample_length: 'strides',
  atrous_rate: 'dilation_rate',
  pool_length: 'pool_size',
  stride: 'strides',
  dim_ordering: 'data_format',
  bias: 'use_bias',
  init: 'kernel_initializer',
  p: 'rate',
  sigma: 'stddev',
}

const ORDERINGS: Readonly<Record<string, string>> = { tf: 'channels_last', th: 'channels_first' }

export function translated(node: Node): Node {
  const { nb_row: rows, nb_col: columns, ...given } = node.options
  const options = Object.entries(given).map(([name, value]): [string, unknown] => {
    const ordering = name === 'dim_ordering' && typeof value === 'string' ? ORDERINGS[value] : undefined
    return [own(OPTIONS, name) ?? name, ordering ?? value]
  })
  if (rows !== undefined || columns !== undefined) options.push(['kernel_size', [rows, columns]])
  const className = own(CLASSES, node.className) ?? node.className
  return { ...node, className, options: Object.fromEntries(options) }
}

function own(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined
}
