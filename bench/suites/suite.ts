import type { LoadGenerator } from '../load/load-generator.ts'
import type { Contender } from '../peers/peer.ts'
import { RunningPeer } from '../peers/running-peer.ts'
import type { Curve, Section } from '../report/result.ts'

/** What a suite works with. */
export interface Plan {
  /** How often each contender is measured. */
  readonly runs: number
  /** 1; less makes a trial of whether it works, whose figures mean nothing. */
  readonly scale: number
  readonly load: LoadGenerator
  readonly ours: Contender
  /** null where it cannot be had: its column stays empty. */
  readonly kafka: Contender | null
  /** For data; it is there, and removed at the end. */
  readonly directory: string
  readonly log: (line: string) => void
}

/** A part of the benchmark that can be run by itself. */
export interface Suite {
  readonly name: string
  readonly title: string
  readonly run: (plan: Plan) => Promise<SuiteFindings>
}

export interface SuiteFindings {
  readonly sections: readonly Section[]
  readonly curves?: readonly Curve[]
}

/** Both contenders, where there are both, in turns: every other run begins with the other. */
export function contendersOf({ ours, kafka }: Plan, run: number): Contender[] {
  if (kafka === null) return [ours]
  return run % 2 === 0 ? [ours, kafka] : [kafka, ours]
}

/** Runs `work` with fresh peers, which are gone when it is done, however it ends. */
export async function withPeers<T>(
  plan: Plan,
  settings: Readonly<Record<string, string>>,
  work: (peers: readonly RunningPeer[]) => Promise<T>,
): Promise<T> {
  const peers: RunningPeer[] = []
  try {
    for (const contender of contendersOf(plan, 0))
      peers.push(await RunningPeer.start(contender, plan.directory, settings))
    return await work(peers)
  } finally {
    for (const peer of peers) await peer.remove()
  }
}
