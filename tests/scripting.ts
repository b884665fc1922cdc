import type { APIError } from 'openai'
import { afterEach } from 'vitest'
import type { House } from './house.js'

/** Scripts the simulator of a house; what a test scripted is gone when it is over. */
export function scriptEachTest(house: () => House): House['simulator']['script'] {
  const rules: { remove(): void }[] = []
  afterEach(() => rules.splice(0).forEach((rule) => rule.remove()))
  return (rule) => {
    const made = house().simulator.script(rule)
    rules.push(made)
    return made
  }
}

/** Settles when the simulator of a house has heard enough. */
export async function heard(house: House, enough: () => boolean): Promise<void> {
  while (!enough()) await house.simulator.nextRequest()
}

/** The error that an SDK throws; a success fails the test. */
export async function thrown(asking: Promise<unknown>): Promise<APIError> {
  return asking.then(
    () => {
      throw new Error('it should have failed')
    },
    (error: unknown) => error as APIError,
  )
}
