import { modals } from '@mantine/modals'
import i18next from 'i18next'
import { ApiError } from '../api/client.js'
import { defineTexts } from '../i18n/index.js'
import { ConfirmForm } from './confirm-form.js'

const TEXTS = defineTexts(
  'confirm-identity',
  { title: 'Is it you?', notConfirmed: 'Nothing was done: you did not confirm who you are.' },
  { title: '请确认是您本人', notConfirmed: '没有执行：您没有确认身份。' },
)

/** Somebody was asked who they are and closed the question. */
export class NotConfirmed extends Error {}

let asking: Promise<void> | undefined

/**
 * Does what needs a fresh proof of who is asking: an export, the sight of a key, a new password. When the gateway wants one, it is asked for,
 * and the act is done once more.
 * @throws NotConfirmed when the question was closed; its message can be shown
 * @example const { data } = await withFreshSignIn(() => api.POST('/admin/export', { body }))
 */
export async function withFreshSignIn<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'fresh_sign_in_needed') throw error
    asking ??= ask().finally(() => (asking = undefined))
    await asking
    return act()
  }
}

function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    let confirmed = false
    const t = i18next.getFixedT(null, TEXTS.namespace)
    const id = modals.open({
      title: t('title'),
      children: (
        <ConfirmForm
          onConfirmed={() => {
            confirmed = true
            modals.close(id)
          }}
          onCancel={() => modals.close(id)}
        />
      ),
      onClose: () => (confirmed ? resolve() : reject(new NotConfirmed(t('notConfirmed')))),
    })
  })
}
