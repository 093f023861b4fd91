/** What may be there at once; awaiting it all the same would cost a turn of the microtask queue for each value. */
export type AtOnce<Value> = Value | Promise<Value>

/** Goes on at once with a value that is there, and else when it comes. */
export function andThen<Value, Result>(value: AtOnce<Value>, next: (value: Value) => Result): AtOnce<Result> {
  return value instanceof Promise ? value.then(next) : next(value)
}
