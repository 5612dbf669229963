// Enables TLS for a bound domain with its certificate.

@description('The app.')
param appName string

@description('The domain, which is already bound to the app.')
param domain string

@description('The thumbprint of the domain\'s certificate.')
param thumbprint string

resource app 'Microsoft.Web/sites@2024-11-01' existing = {
  name: appName

  resource binding 'hostNameBindings' = {
    name: domain
    properties: {
      siteName: appName
      hostNameType: 'Verified'
      sslState: 'SniEnabled'
      thumbprint: thumbprint
    }
  }
}
