import { useTexts } from '../../../i18n/index.js'
import { AuditList } from '../../../parts/audit-list.js'
import { PasswordForm } from '../../../parts/password-form.js'
import { SessionsList } from '../../../parts/sessions-list.js'
import { SettingsCard } from './card.js'
import { TEXTS } from './texts.js'

export function AccessCards() {
  const { t } = useTexts(TEXTS)
  return (
    <>
      <SettingsCard title={t('password')}>
        <PasswordForm />
      </SettingsCard>
      <SettingsCard title={t('sessions')}>
        <SessionsList />
      </SettingsCard>
      <SettingsCard title={t('audit')}>
        <AuditList />
      </SettingsCard>
    </>
  )
}
