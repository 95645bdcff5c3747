import type { HttpAnswer } from './http-routes.ts'

/** What can be wrong with a request, or with us. Part of each problem's type, so that programs can tell them apart. */
export type ProblemName =
  | 'bad-request'
  | 'body-too-large'
  | 'directory-failed'
  | 'internal'
  | 'method-not-allowed'
  | 'not-found'
  | 'not-ready'
  | 'only-for-this-machine'
  | 'profile-running'
  | 'shutting-down'
  | 'unsupported-media-type'

const PROBLEMS: { readonly [Name in ProblemName]: readonly [status: number, title: string] } = {
  'bad-request': [400, 'The request is malformed'],
  'body-too-large': [413, 'The body is too large'],
  'directory-failed': [503, 'The data directory has failed'],
  internal: [500, 'The broker has failed'],
  'method-not-allowed': [405, 'The path is served by other methods'],
  'not-found': [404, 'There is nothing at this path'],
  'not-ready': [503, 'The broker is not ready'],
  'only-for-this-machine': [403, 'The path is served to this machine only'],
  'profile-running': [409, 'A profile is being taken'],
  'shutting-down': [503, 'The broker is shutting down'],
  'unsupported-media-type': [415, 'The body is not JSON'],
}

/** What a route throws, or answers by `problemAnswer`, where it has nothing better to say. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly problem: ProblemName

  constructor(problem: ProblemName, detail: string) {
    super(detail)
    this.problem = problem
  }
}

/** An error as RFC 9457 has it. `more`: members of its own. */
export function problemAnswer(problem: ProblemName, detail: string, more: object = {}): HttpAnswer {
  const [status, title] = PROBLEMS[problem]
  return {
    status,
    contentType: 'application/problem+json',
    body: `${JSON.stringify({ type: `urn:millrace:problem:${problem}`, title, status, detail, ...more })}\n`,
  }
}
