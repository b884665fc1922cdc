import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import 'virtual:theme.css'
import './global.css'
import { createRoot } from 'react-dom/client'
import { reportErrors } from './api/report-errors.js'
import { App } from './app.js'
import { startLanguages } from './i18n/index.js'

startLanguages()
reportErrors()
const root = document.getElementById('root')
if (root !== null) createRoot(root).render(<App />)
