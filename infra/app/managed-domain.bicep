// The team's own domain on the app, with a certificate that the platform issues and renews. The domain's CNAME and asuid records
// must exist before the deployment, because the platform checks them.

@description('The app.')
param appName string

@description('The region of the app.')
param location string

@description('The tags of the deployment.')
param tags object

@description('The domain.')
param domain string

resource app 'Microsoft.Web/sites@2024-11-01' existing = {
  name: appName

  resource binding 'hostNameBindings' = {
    name: domain
    properties: {
      siteName: appName
      hostNameType: 'Verified'
      customHostNameDnsRecordType: 'CName'
    }
  }

  // On Flex Consumption a certificate belongs to the app, not to the plan: siteScopedCertificatesEnabled.
  resource certificate 'certificates' = {
    name: domain
    location: location
    tags: tags
    dependsOn: [binding]
    properties: {
      canonicalName: domain
    }
  }
}

// The certificate needs the binding, and the binding needs the certificate. Therefore the binding is written a second time.
module tls 'managed-domain-tls.bicep' = {
  name: 'managed-domain-tls'
  params: {
    appName: appName
    domain: domain
    thumbprint: app::certificate.properties.thumbprint
  }
}
