// The team's own domain on the app, with a certificate from the team's Key Vault. The domain's asuid record must exist before the
// deployment, because the platform checks it. The platform does not check the domain's CNAME, so a second region can have the domain too.

@description('The app.')
param appName string

@description('The region of the app.')
param location string

@description('The tags of the deployment.')
param tags object

@description('The domain.')
param domain string

@description('The resource id of the Key Vault secret with the certificate: .../vaults/VAULT/secrets/NAME.')
param certificate string

resource app 'Microsoft.Web/sites@2024-11-01' existing = {
  name: appName

  // The platform reads the vault (role Key Vault Certificate User). It uses a renewed certificate within a day.
  resource ownCertificate 'certificates' = {
    name: domain
    location: location
    tags: tags
    properties: {
      keyVaultId: first(split(certificate, '/secrets/'))
      keyVaultSecretName: last(split(certificate, '/secrets/'))
    }
  }

  resource binding 'hostNameBindings' = {
    name: domain
    properties: {
      siteName: appName
      hostNameType: 'Verified'
      sslState: 'SniEnabled'
      thumbprint: ownCertificate.properties.thumbprint
    }
  }
}
