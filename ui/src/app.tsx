// The application for people with an account: sign in, pick a dashboard, look at it.

import { render } from 'preact'
import { Api } from './api'
import { App } from './app/App'
import './styles/base.css'
import './styles/dashboard.css'
import './styles/app.css'

const root = document.getElementById('root') as HTMLElement
root.textContent = ''
document.documentElement.dataset['scheme'] = 'system'
render(<App api={new Api()} />, root)
