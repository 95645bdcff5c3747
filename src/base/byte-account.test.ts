import { expect, it } from 'vitest'
import { ByteAccount } from './byte-account.ts'

it('counts what a part keeps in the whole too', () => {
  const whole = new ByteAccount(100)
  const part = new ByteAccount(60, whole)
  const other = new ByteAccount(60, whole)
  part.add(50)
  other.add(30)
  expect([part.usedBytes, other.usedBytes, whole.usedBytes]).toEqual([50, 30, 80])
  part.add(-20)
  expect([part.usedBytes, whole.usedBytes]).toEqual([30, 60])
})

it('has no room beyond the bound of the part, nor beyond that of the whole', () => {
  const whole = new ByteAccount(100)
  const part = new ByteAccount(60, whole)
  const other = new ByteAccount(60, whole)
  other.add(60)
  expect(part.fits(40)).toBe(true)
  expect(part.fits(41)).toBe(false)
  expect(part.hasRoom(41)).toBe(true)
  expect(part.hasRoom(61)).toBe(false)
})

it('refuses growth only: what stays as large as it is fits even where too much is kept', () => {
  const account = new ByteAccount(10)
  account.add(20)
  expect(account.fits(0)).toBe(true)
  expect(account.fits(-1)).toBe(true)
  expect(account.fits(1)).toBe(false)
})

it('gives everything back to the whole when its owner is gone', () => {
  const whole = new ByteAccount(100)
  const part = new ByteAccount(60, whole)
  part.add(50)
  part.clear()
  expect([part.usedBytes, whole.usedBytes]).toEqual([0, 0])
  expect(whole.fits(100)).toBe(true)
})
