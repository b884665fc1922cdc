import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { readStatus } from '../api/sign-in.js'
import { defineTexts, useTexts } from '../i18n/index.js'
import { PasswordForm } from '../parts/password-form.js'
import { Entrance } from './entrance.js'

const TEXTS = defineTexts(
  'offer-password',
  {
    title: 'Welcome in',
    about: 'Set a password and you can sign in from anywhere. Without one you need a new link each time.',
    later: 'Not now',
  },
  {
    title: '欢迎',
    about: '设置密码后，您可以随时随地登录；不设置的话，每次都需要新的链接。',
    later: '暂不设置',
  },
)

/** On the first visit: a password, or none for now. Whoever has one sees nothing of this. */
export default function OfferPassword({ onDone }: { onDone: () => void }) {
  const { t } = useTexts(TEXTS)
  const status = useQuery({ queryKey: ['sign-in-status'], queryFn: readStatus, staleTime: 0 })
  const needless = status.data?.passwordSet === true || status.error !== null
  useEffect(() => {
    if (needless) onDone()
  }, [needless, onDone])
  return (
    <Entrance title={t('title')} about={t('about')}>
      {status.data === undefined || needless ? (
        <Skeleton height={260} />
      ) : (
        <>
          <PasswordForm brief onDone={onDone} />
          <Button variant="subtle" onClick={onDone}>
            {t('later')}
          </Button>
        </>
      )}
    </Entrance>
  )
}
