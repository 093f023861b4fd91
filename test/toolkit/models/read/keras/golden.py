"""
Answers of real Keras to small models, for keras.test.ts. Each run replaces the cases of one major version.

    python golden.py [FOLDER]

Writes golden.json here: configuration, weights and answers of one model for each layer and option, in
double precision but for Keras 1, from Keras 1.2, 2 or 3, whichever is installed. With FOLDER it saves two whole models there instead, as this Keras does:
VERSION-NAME.h5 or .keras (Keras 3 writes both), and their answers in golden.json there.
Keras 1 and 2 run on the TensorFlow of today where `import tensorflow as tf` reads `import tensorflow.compat.v1 as tf`.
"""
import json
import os
import re
import sys

os.environ.setdefault('KERAS_BACKEND', 'tensorflow')

import numpy as np
import keras
from keras import backend, layers as L
from keras.models import Model, Sequential

MAJOR = int(keras.__version__.split('.')[0])
PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'golden.json')
random = np.random.RandomState(20171209)


def chain(shape, *parts):
    """A Sequential; the first layer tells the shape of an event."""
    model = Sequential()
    if MAJOR == 3:
        model.add(L.Input(shape))
    for part in parts:
        model.add(part)
    return model


def graph(shape, build):
    x = L.Input(shape=shape)
    y = build(x)
    return Model(inputs=x, outputs=y) if MAJOR > 1 else Model(input=x, output=y)


def cases2():
    """name, model: Keras 2."""
    def one(layer, *shape, **options):
        return chain(shape, layer(input_shape=shape, **options))

    def flat(layer):
        return lambda x: L.Flatten()(layer(x))

    yield 'dense', one(L.Dense, 5, units=3)
    yield 'dense, no bias, on rows', one(L.Dense, 3, 4, units=2, use_bias=False, activation='tanh')
    yield 'dense, softmax on rows', one(L.Dense, 3, 4, units=3, activation='softmax')
    names = ['linear', 'sigmoid', 'softmax', 'tanh', 'relu', 'elu', 'selu', 'softplus', 'softsign', 'exponential',
             'hard_sigmoid']
    yield 'activations', graph((4,), lambda x: L.Concatenate()([L.Activation(name)(x) for name in names]))
    yield 'locally connected', one(L.LocallyConnected1D, 6, 1, filters=3, kernel_size=2, activation='sigmoid')
    yield 'locally connected, stride, channels', one(
        L.LocallyConnected1D, 9, 2, filters=2, kernel_size=3, strides=2, use_bias=False)
    for padding in ['valid', 'same', 'causal']:
        yield 'conv 1d, ' + padding, one(L.Conv1D, 7, 2, filters=3, kernel_size=3, padding=padding)
        yield 'conv 1d, dilated, ' + padding, one(
            L.Conv1D, 8, 2, filters=2, kernel_size=3, dilation_rate=2, padding=padding)
        yield 'conv 1d, strides 3, ' + padding, one(
            L.Conv1D, 8, 1, filters=2, kernel_size=4, strides=3, padding=padding, use_bias=False, activation='relu')
    for padding in ['valid', 'same']:
        yield 'conv 2d, ' + padding, one(L.Conv2D, 4, 5, 2, filters=2, kernel_size=(2, 3), padding=padding)
        yield 'conv 2d, strides, ' + padding, one(
            L.Conv2D, 5, 6, 1, filters=2, kernel_size=(3, 2), strides=(2, 3), padding=padding)
        yield 'conv 2d, dilated, ' + padding, one(
            L.Conv2D, 5, 6, 1, filters=2, kernel_size=2, dilation_rate=(2, 3), padding=padding)
        for kind in ['Max', 'Average']:
            pool1, pool2 = getattr(L, kind + 'Pooling1D'), getattr(L, kind + 'Pooling2D')
            yield '%s pooling 1d, %s' % (kind, padding), one(pool1, 7, 2, pool_size=2, padding=padding)
            yield '%s pooling 1d, odd, %s' % (kind, padding), one(pool1, 8, 1, pool_size=5, strides=3, padding=padding)
            yield '%s pooling 2d, %s' % (kind, padding), one(pool2, 5, 4, 2, padding=padding)
            yield '%s pooling 2d, odd, %s' % (kind, padding), one(
                pool2, 5, 7, 1, pool_size=(2, 3), strides=(1, 2), padding=padding)
    for kind in ['Max', 'Average']:
        yield 'global %s pooling 1d' % kind, one(getattr(L, 'Global%sPooling1D' % kind), 5, 3)
        yield 'global %s pooling 2d' % kind, one(getattr(L, 'Global%sPooling2D' % kind), 3, 4, 2)
    yield 'flatten and reshape', chain(
        (3, 4), L.Flatten(input_shape=(3, 4)), L.Reshape((2, -1)), L.Dense(1), L.Reshape((2,)))
    yield 'batch normalization', one(L.BatchNormalization, 4)
    yield 'batch normalization, channels, epsilon', one(L.BatchNormalization, 3, 2, epsilon=0.1)
    yield 'batch normalization, no scale', one(L.BatchNormalization, 4, scale=False)
    yield 'batch normalization, no center', one(L.BatchNormalization, 4, center=False)
    yield 'batch normalization, neither', one(L.BatchNormalization, 2, 3, center=False, scale=False)
    yield 'leaky relu', chain((6,), L.LeakyReLU(input_shape=(6,)), L.LeakyReLU(alpha=0.1))
    yield 'elu', one(L.ELU, 6, alpha=0.7)
    yield 'prelu', one(L.PReLU, 3, 2)
    yield 'prelu, shared', one(L.PReLU, 3, 2, 2, shared_axes=[1, 2])
    yield 'prelu, shared first', one(L.PReLU, 3, 2, shared_axes=[1])
    yield 'relu', one(L.ReLU, 6)
    yield 'relu, max', one(L.ReLU, 8, max_value=1)
    yield 'relu, all', one(L.ReLU, 12, max_value=1, negative_slope=0.25, threshold=0.5)
    yield 'relu, threshold', one(L.ReLU, 12, threshold=0.5)
    yield 'relu, threshold above max', one(L.ReLU, 12, threshold=1, max_value=0.5)
    yield 'softmax', one(L.Softmax, 3, 4)
    yield 'training only', chain(
        (3, 2), L.Dropout(0.5, input_shape=(3, 2)), L.SpatialDropout1D(0.2), L.GaussianNoise(1),
        L.GaussianDropout(0.3), L.AlphaDropout(0.1), L.Dense(2))

    def branches(x):
        a = L.Conv1D(3, 2, padding='same', activation='relu')(x)
        b = L.Dense(3, activation='tanh')(x)
        c = L.Add()([a, b, a])
        d = L.Concatenate(axis=-1)([c, x, b])
        return L.Dense(2, activation='softmax')(L.Concatenate(axis=1)([L.Flatten()(d), L.GlobalMaxPooling1D()(c)]))

    yield 'branches', graph((4, 2), branches)


def cases3():
    """name, model: Keras 3, where it differs from Keras 2."""
    def one(layer, *shape, **options):
        return chain(shape, layer(**options))

    names = ['hard_sigmoid', 'relu6', 'leaky_relu', 'silu', 'swish', 'elu', 'selu', 'softmax', 'softplus', 'exponential']
    yield 'activations', graph((4,), lambda x: L.Concatenate()([L.Activation(name)(x) for name in names]))
    yield 'leaky relu', chain((6,), L.LeakyReLU(), L.LeakyReLU(negative_slope=0.1))
    yield 'relu, all', one(L.ReLU, 12, max_value=1, negative_slope=0.25, threshold=0.5)
    yield 'elu', one(L.ELU, 6, alpha=0.7)
    yield 'prelu, shared', one(L.PReLU, 3, 2, 2, shared_axes=[1, 2])
    yield 'softmax', one(L.Softmax, 3, 4)
    yield 'normalization', one(L.Normalization, 3)
    yield 'normalization, channels', one(L.Normalization, 2, 3)
    yield 'normalization, given', one(L.Normalization, 3, mean=[0.5, -1, 2], variance=[1, 4, 0.25])
    yield 'normalization, given one', one(L.Normalization, 2, 3, mean=0.5, variance=4, axis=-1)
    yield 'batch normalization', one(L.BatchNormalization, 3, 2, scale=False)
    yield 'convolutions', chain(
        (6, 5, 1), L.Conv2D(2, (3, 2), strides=2, padding='same', activation='relu'),
        L.MaxPooling2D((2, 2), padding='same'), L.Reshape((-1, 2)), L.Conv1D(2, 2, padding='causal'),
        L.AveragePooling1D(2, strides=1, padding='same'), L.GlobalAveragePooling1D())
    yield 'training only', chain((3,), L.Dropout(0.5), L.GaussianNoise(1.0), L.GaussianDropout(0.3), L.Dense(2))

    def branches(x):
        a = L.Conv1D(3, 2, padding='same', activation='relu')(x)
        b = L.Dense(3, activation='tanh')(x)
        c = L.Add()([a, b])
        d = L.Concatenate(axis=-1)([c, x, b])
        return L.Dense(2, activation='softmax')(L.Concatenate(axis=1)([L.Flatten()(d), L.GlobalMaxPooling1D()(c)]))

    yield 'branches', graph((4, 2), branches)


def cases1():
    """name, model: Keras 1.2."""
    def one(layer, *shape, **options):
        return chain(shape, layer(input_shape=shape, **options))

    yield 'dense', one(L.Dense, 5, output_dim=3, activation='hard_sigmoid')
    yield 'dense, no bias', chain((4,), L.Dense(2, input_dim=4, bias=False), L.Activation('softmax'))
    for border in ['valid', 'same']:
        yield 'convolution 1d, ' + border, one(
            L.Convolution1D, 8, 2, nb_filter=3, filter_length=3, subsample_length=2, border_mode=border,
            activation='tanh')
        yield 'convolution 2d, ' + border, one(
            L.Convolution2D, 5, 6, 2, nb_filter=2, nb_row=3, nb_col=2, subsample=(2, 1), border_mode=border, bias=False)
        yield 'max pooling, ' + border, chain(
            (7, 2), L.MaxPooling1D(pool_length=3, stride=2, border_mode=border, input_shape=(7, 2)))
        yield 'average pooling 2d, ' + border, one(L.AveragePooling2D, 5, 6, 1, pool_size=(2, 3), border_mode=border)
    yield 'dilated 1d', one(L.AtrousConvolution1D, 8, 1, nb_filter=2, filter_length=3, atrous_rate=2)
    yield 'dilated 2d', one(L.AtrousConvolution2D, 5, 6, 1, nb_filter=2, nb_row=2, nb_col=3, atrous_rate=(2, 2))
    yield 'locally connected', one(
        L.LocallyConnected1D, 7, 2, nb_filter=3, filter_length=3, subsample_length=2, activation='sigmoid')
    yield 'global pooling', chain((5, 3), L.GlobalMaxPooling1D(input_shape=(5, 3)), L.Reshape((3, 1)), L.Flatten())
    yield 'batch normalization', one(L.BatchNormalization, 4)
    yield 'batch normalization, channels', one(L.BatchNormalization, 3, 2, epsilon=0.1)
    yield 'advanced activations', chain(
        (3, 2), L.LeakyReLU(0.2, input_shape=(3, 2)), L.ELU(0.6), L.PReLU())
    yield 'training only', chain((3,), L.Dropout(0.5, input_shape=(3,)), L.GaussianNoise(1.0), L.Dense(2))
    yield 'functional', graph((4, 2), lambda x: L.Dense(2)(L.Flatten()(L.Convolution1D(2, 2, activation='relu')(x))))


def randomise(model):
    """Weights of two decimals; what may be a variance is positive."""
    for layer in model.layers:
        given = layer.get_weights()
        statistics = re.match('(Batch)?Normalization', type(layer).__name__)
        layer.set_weights([
            np.round(random.uniform(0.2 if statistics else -1, 1, array.shape), 2).astype(array.dtype) for array in given])
        if hasattr(layer, 'finalize_state') and given:
            layer.finalize_state()


def asked(model, count):
    """Events on a grid, so that kinks are met, and what the model answers."""
    shape = model.input_shape[1:]
    events = np.round(random.uniform(-8, 8, (count,) + tuple(shape))) / 4
    return events, model.predict(events, verbose=0)


def rows(array):
    return [[float('%.10g' % value) for value in row] for row in np.asarray(array).reshape(len(array), -1)]


def described(name, model):
    randomise(model)
    events, answers = asked(model, 2)
    config = json.loads(model.to_json())
    weights = {
        layer.name: [{'shape': list(np.shape(array)), 'values': [round(float(value), 2) for value in np.ravel(array)]}
                     for array in layer.get_weights()]
        for layer in model.layers if layer.get_weights()}
    return {'name': name, 'keras': keras.__version__, 'config': {key: config[key] for key in ['class_name', 'config']},
            'weights': weights, 'inputs': rows(events), 'answers': rows(answers)}


def golden():
    # Keras 1 convolves in single precision, whatever it is told.
    if MAJOR > 1:
        backend.set_floatx('float64')
    made = [described(name, model) for name, model in {1: cases1, 2: cases2, 3: cases3}[MAJOR]()]
    kept = json.load(open(PATH)) if os.path.exists(PATH) else []
    kept = [case for case in kept if not case['keras'].startswith('%d.' % MAJOR)]
    with open(PATH, 'w') as file:
        cases = sorted(kept + made, key=lambda case: int(case['keras'].split('.')[0]))
        file.write('[\n' + ',\n'.join(json.dumps(case, separators=(',', ':')) for case in cases) + '\n]\n')


def whole():
    """name, model: what is saved as a whole. Names and order of the layers with weights are not those of the file."""
    yield 'chain', chain((6,), *[
        L.Dense(5, input_shape=(6,), activation='relu') if MAJOR < 3 else L.Dense(5, activation='relu'),
        L.BatchNormalization(), L.Dropout(0.2), L.Dense(4), L.LeakyReLU(), L.Dense(1, activation='sigmoid')])
    if MAJOR == 1:
        conv = lambda name: L.Convolution1D(3, 2, border_mode='same', activation='tanh', name=name)
        yield 'graph', graph((4, 2), lambda x: L.Dense(2)(L.GlobalMaxPooling1D()(conv('second')(conv('first')(x)))))
        return

    def branches(x):
        a = L.Conv1D(3, 2, padding='same', name='b')(x)
        b = L.Conv1D(3, 2, padding='same', activation='tanh', name='a')(x)
        c = L.Concatenate()([L.Add()([b, a]), L.PReLU(shared_axes=[1])(a)])
        return L.Dense(2, activation='softmax')(L.Flatten()(c))

    yield 'graph', graph((4, 2), branches)


def save(folder):
    path = os.path.join(folder, 'golden.json')
    answered = json.load(open(path)) if os.path.exists(path) else {}
    for name, model in whole():
        name = '%s-%s' % (keras.__version__, name)
        randomise(model)
        events, answers = asked(model, 3)
        for ending in ['.h5', '.keras'] if MAJOR == 3 else ['.h5']:
            model.save(os.path.join(folder, name + ending))
        answered[name] = {'parameters': int(model.count_params()), 'inputs': rows(events), 'answers': rows(answers)}
    with open(path, 'w') as file:
        json.dump(answered, file, indent=1, sort_keys=True)


if len(sys.argv) > 1:
    save(sys.argv[1])
else:
    golden()
