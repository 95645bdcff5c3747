import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { OptionsError, unknownName } from '../src/base/options.ts'
import { BrokerOptions, brokerOptions, isBrokerOption, propertiesOf } from '../src/broker/options.ts'
import { type Address, formatAddress } from '../src/client/address.ts'
import { CliError, EXIT_USAGE } from './exit-code.ts'
import { BOOTSTRAP_DEFAULT } from './session.ts'

/** Where settings come from; what is left out is the file's, else the default. */
export interface SettingsOptions {
  readonly data?: string
  readonly listen?: Address
  readonly advertise?: Address
  readonly config?: string
  readonly set?: Readonly<Record<string, string>>
  readonly http?: Address
}

/** The settings of a broker, and where they stand. */
export interface Settings {
  readonly values: ReadonlyMap<string, string>
  /** `FILE:LINE` of each that a file's value counts of. */
  readonly places: ReadonlyMap<string, string>
  /** What a file sets that is no setting: a broker starts without it, as Kafka does, and says so. */
  readonly ignored: readonly { readonly place: string; readonly what: string }[]
}

export const DATA_DEFAULT = './millrace-data'
const LISTENER = 'PLAINTEXT'

/** The settings by name: the file's, then the command line's. Throws CliError. */
export function settingsOf(options: SettingsOptions): Settings {
  const file = options.config === undefined ? EMPTY : readSettings(options.config)
  const own = ownSettings(options, file.values)
  const values = new Map([...file.values, ...own])
  const places = new Map([...file.places].filter(([name]) => !own.has(name)))
  return { values, places, ignored: file.ignored }
}

/** What a broker makes of them. Throws CliError, which says of each fault where it stands. */
export function brokerOptionsOf({ values, places }: Settings): BrokerOptions {
  try {
    return BrokerOptions.from(values)
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error
    throw new CliError(error.faults.map((fault) => placed(fault, places)).join('; '), EXIT_USAGE)
  }
}

const EMPTY: Settings = { values: new Map(), places: new Map(), ignored: [] }

/** What the command line says, and what holds where nobody says anything. */
function ownSettings(options: SettingsOptions, file: ReadonlyMap<string, string>): Map<string, string> {
  const settings = new Map<string, string>()
  const has = (...names: string[]): boolean => names.some((name) => file.has(name))
  if (options.data !== undefined || !has('log.dirs', 'log.dir'))
    settings.set('log.dirs', resolve(options.data ?? DATA_DEFAULT))
  if (options.listen !== undefined || !has('listeners'))
    settings.set(
      'listeners',
      `${LISTENER}://${options.listen ? formatAddress(options.listen) : BOOTSTRAP_DEFAULT}`,
    )
  if (options.advertise !== undefined)
    settings.set('advertised.listeners', `${LISTENER}://${formatAddress(options.advertise)}`)
  if (options.http !== undefined) settings.set('http.listener', formatAddress(options.http))
  for (const [name, value] of Object.entries(options.set ?? {})) settings.set(name, value)
  return settings
}

function readSettings(path: string): Settings {
  const values = new Map<string, string>()
  const places = new Map<string, string>()
  const ignored: { place: string; what: string }[] = []
  for (const { name, value, line } of readProperties(path)) {
    const place = `${path}:${line}`
    if (isBrokerOption(name)) {
      values.set(name, value)
      places.set(name, place)
    } else ignored.push({ place, what: unknownName(name, Object.keys(brokerOptions)) })
  }
  return { values, places, ignored }
}

function readProperties(path: string): ReturnType<typeof propertiesOf> {
  try {
    return propertiesOf(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof OptionsError) throw new CliError(`${path}: ${error.message}`, EXIT_USAGE)
    const { code, message } = error as NodeJS.ErrnoException
    throw new CliError(
      code === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${message}`,
      EXIT_USAGE,
    )
  }
}

/** A fault begins with the name of its setting, or says `configuration NAME`. */
function placed(fault: string, places: ReadonlyMap<string, string>): string {
  const names = [...fault.matchAll(/(?:^|\bconfiguration )([a-z][\w.]*)/g)].map(([, name]) => name!)
  const place = names.map((name) => places.get(name)).find((found) => found !== undefined)
  return place === undefined ? fault : `${place}: ${fault}`
}
