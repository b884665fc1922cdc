import { useState } from 'react'
import { api } from '../../api/client.js'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import { nameOf, useShownKeys, type Key } from './data.js'
import { TEXTS } from './texts.js'

type WayOut = keyof typeof TEXTS.en.wayOut

/** What helps, by what is wrong. */
const WAYS: Readonly<Record<string, WayOut>> = {
  unauthenticated: 'key',
  credential_expired: 'key',
  credential_revoked: 'key',
  account_suspended: 'key',
  payment_required: 'credit',
  quota_exhausted: 'quota',
  rate_limited: 'wait',
  overloaded: 'wait',
  not_found: 'model',
  model_unavailable: 'model',
  forbidden: 'rights',
  unreachable: 'network',
  timeout: 'network',
  stream_cut: 'network',
  challenged: 'network',
  invalid_request: 'wire',
  internal: 'wire',
}

/** Has a key answer one word, and says how it went and what to do. */
export function useTest(): { test(entry: Key): Promise<void>; testing: boolean } {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const { readAgain } = useShownKeys()
  const [testing, setTesting] = useState(false)
  return {
    testing,
    async test(entry) {
      const name = nameOf(entry)
      setTesting(true)
      try {
        const { data } = await api.POST('/auth/api-keys/{id}/test', {
          params: { path: { id: entry.id } },
          body: {},
        })
        if (data === undefined) return
        const { ok, model, ms, code, message } = data
        const time = format.duration(ms)
        if (ok) sayDone(model === null ? t('testGoodList', { name, time }) : t('testGood', { name, model, time }))
        else {
          const way = WAYS[code ?? '']
          sayFailed(
            new Error(way === undefined ? message : `${message} – ${t(`wayOut.${way}`)}`),
            t('testBad', { name }),
          )
        }
      } catch (error) {
        sayFailed(error, t('testBad', { name }))
      } finally {
        setTesting(false)
        void readAgain()
      }
    },
  }
}
