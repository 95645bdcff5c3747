import { ABUSES } from './abuses.ts'

/** Does one abuse to a broker again and again, until it is told to stop. */
const [name, port] = process.argv.slice(2)
const abuse = ABUSES.find((one) => one.name === name)
if (abuse === undefined) throw new Error(`no abuse of the name ${name}`)
let isOver = false
let rounds = 0
process.on('message', () => {
  isOver = true
})
const round = await abuse.begin(Number(port))
process.send!({ ready: true })
while (!isOver) {
  await round()
  rounds++
  await new Promise((resolve) => setTimeout(resolve, abuse.pauseMs ?? 0))
}
process.send!({ rounds })
process.exit(0)
