// The dashboard inside another product's page.

import { render } from 'preact'
import { readAddress, withoutSecrets } from './address'
import { Api } from './api'
import { connectHost, hostOrigin } from './host'
import { EmbedPage } from './EmbedPage'
import { Message } from './states'
import './styles/base.css'
import './styles/dashboard.css'

const address = readAddress(location.href)
// First of all: nothing that runs later can read, keep or send the credential from the address.
history.replaceState(history.state, '', withoutSecrets(location.href))

const hosts = document.querySelector<HTMLMetaElement>('meta[name="inlay-hosts"]')?.content.split(' ').filter(Boolean) ?? []
const allowed = hosts.map((h) => (h === 'self' ? location.origin : h))
const origin = window.parent === window ? undefined : hostOrigin(location.ancestorOrigins, document.referrer, allowed)
const root = document.getElementById('root') as HTMLElement
root.textContent = ''

if (address) {
  const host = connectHost(window, address.front === 'cube' ? 'cube' : 'inlay', origin)
  render(<EmbedPage address={address} api={new Api()} host={host} />, root)
} else {
  render(<Message notice={{ problem: 'missing', title: 'There is no dashboard at this address', hint: 'Check the link that the page around this one uses.' }} />, root)
}
