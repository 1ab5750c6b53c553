import { InputError } from '../sim/index.ts'

/** Where in the input we are; one object is moved along a file, so keep no hold of it. */
export interface Place {
  readonly file: string
  /** 1 is the first; 0 means the file as a whole. */
  line: number
}

/** What is wrong at this place, as `file:line: what`. To be thrown by the caller, so that the compiler sees it leave. */
export function wrongAt(place: Place, what: string): InputError {
  return new InputError(`${place.file}${place.line > 0 ? `:${place.line}` : ''}: ${what}`)
}
