import fc from 'fast-check'
import { expect, it } from 'vitest'
import { carry, carryAsBase64, unpack } from './carried-state.js'

it('gives back what it carried, in both alphabets', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (dictionary) => {
      const state = JSON.parse(JSON.stringify(dictionary)) as Record<string, unknown>
      expect(unpack(carry('openai-responses', state))).toEqual({ owner: 'openai-responses', state })
      const base64 = carryAsBase64('gemini', state)
      expect(base64).toMatch(/^[A-Za-z0-9+/]+=*$/)
      expect(unpack(base64)).toEqual({ owner: 'gemini', state })
    }),
  )
})

it('knows nothing of what others made', () => {
  for (const foreign of ['', 'gAAAAAB', 'dgm1.', 'dgm1.codex.e30=', 'dgm1.gemini.!', 'dgm1.gemini.W10=', 'ZGdtMS!']) {
    expect(unpack(foreign)).toBeUndefined()
  }
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => unpack(text) === undefined))
})
