import type { ComponentType } from 'react'
import type { SectionName } from '../sections.js'
import { AboutCard } from './about.js'
import { AccessCards } from './access.js'
import { BackupCards } from './backup.js'
import { DiagnosticsCards } from './diagnostics.js'
import { LogCard } from './log.js'
import { LookCard } from './look.js'
import { OllamaCard } from './ollama.js'
import { SealingCard } from './sealing.js'
import { UpdatesCard } from './updates.js'
import { WebhookCard } from './webhook.js'

const CARDS: Partial<Record<SectionName, ComponentType>> = {
  look: LookCard,
  access: AccessCards,
  ollama: OllamaCard,
  notices: WebhookCard,
  log: LogCard,
  security: SealingCard,
  backup: BackupCards,
  diagnostics: DiagnosticsCards,
  updates: UpdatesCard,
  about: AboutCard,
}

/** What a part has beside its settings. */
export function cardsOf(name: SectionName): ComponentType | undefined {
  return CARDS[name]
}
