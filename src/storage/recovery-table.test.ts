import { describe, expect, it } from 'vitest'
import { judgeScan, type ScanFindings } from './recovery-table.ts'

const at = (offset: number, term = 1): ScanFindings['end'] => ({ term, minor: 0, offset })

const WHOLE: ScanFindings = {
  end: at(100),
  fault: null,
  validBeyond: null,
  hasZeroBlock: false,
  claim: at(90),
  wasClosed: false,
}

describe('judgeScan', () => {
  const rows: [string, Partial<ScanFindings>, string][] = [
    ['nothing wrong', {}, 'whole'],
    ['never claimed anything', { claim: null }, 'whole'],
    ['a torn end behind the claim', { fault: 'truncated' }, 'cut'],
    ['a torn end right at the claim', { fault: 'bad-crc', claim: at(100) }, 'cut'],
    ['room of zeros at the end', { fault: 'zeros' }, 'cut'],
    ['old bytes of another epoch at the end', { fault: 'bad-epoch' }, 'cut'],
    [
      'a page that never came, later ones that did',
      { fault: 'bad-crc', validBeyond: 120, hasZeroBlock: true },
      'cut',
    ],
    ['a flipped bit before whole batches', { fault: 'bad-crc', validBeyond: 120 }, 'damaged'],
    ['less than was claimed', { end: at(89) }, 'damaged'],
    ['less than was claimed, torn', { end: at(89), fault: 'truncated' }, 'damaged'],
    ['an earlier term than was claimed', { end: at(200, 0) }, 'damaged'],
    ['closed whole, not whole now', { fault: 'truncated', wasClosed: true }, 'damaged'],
  ]
  it.each(rows)('%s', (_what, findings, verdict) => {
    expect(judgeScan({ ...WHOLE, ...findings }).kind).toBe(verdict)
  })

  it('asks for what was claimed, and for what was seen beyond the hole', () => {
    expect(judgeScan({ ...WHOLE, end: at(50) })).toMatchObject({ claim: at(90) })
    expect(judgeScan({ ...WHOLE, end: at(50), fault: 'bad-crc', validBeyond: 120 })).toMatchObject({
      claim: at(120),
    })
    expect(judgeScan({ ...WHOLE, fault: 'bad-crc', validBeyond: 120 })).toMatchObject({ claim: at(120) })
  })
})
