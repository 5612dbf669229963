// Where Front Door sends requests: the first region, and the second while the first does not answer.

@description('The name of the profile.')
param profileName string

@description('The name of the endpoint.')
param endpointName string

@description('The host names of the apps, the first region\'s first.')
@minLength(1)
@maxLength(2)
param hostNames string[]

@description('The team\'s own domain; empty: the endpoint\'s host name alone.')
param customDomain string

resource profile 'Microsoft.Cdn/profiles@2025-06-01' existing = {
  name: profileName

  resource endpoint 'afdEndpoints' existing = {
    name: endpointName
  }

  resource domain 'customDomains' = if (!empty(customDomain)) {
    name: replace(customDomain, '.', '-')
    properties: {
      hostName: customDomain
      tlsSettings: {
        certificateType: 'ManagedCertificate'
        minimumTlsVersion: 'TLS12'
      }
    }
  }

  resource regions 'originGroups' = {
    name: 'regions'
    properties: {
      sessionAffinityState: 'Disabled'
      loadBalancingSettings: {
        sampleSize: 4
        successfulSamplesRequired: 2
        additionalLatencyInMilliseconds: 1000
      }
      // Not /readyz: while storage is down both regions still serve what needs none.
      healthProbeSettings: {
        probePath: '/healthz'
        probeProtocol: 'Https'
        probeRequestType: 'HEAD'
        probeIntervalInSeconds: 60
      }
    }

    resource origin 'origins' = [
      for (hostName, i) in hostNames: {
        name: 'region-${i + 1}'
        properties: {
          hostName: hostName
          originHostHeader: hostName
          enforceCertificateNameCheck: true
          httpsPort: 443
          priority: i + 1
          weight: 1000
        }
      }
    ]
  }
}

resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-06-01' = {
  parent: profile::endpoint
  name: 'everything'
  // A group without origins takes no route.
  dependsOn: [profile::regions::origin]
  properties: {
    originGroup: {
      id: profile::regions.id
    }
    customDomains: empty(customDomain) ? [] : [{ id: profile::domain.id }]
    patternsToMatch: ['/*']
    supportedProtocols: ['Http', 'Https']
    httpsRedirect: 'Enabled'
    forwardingProtocol: 'HttpsOnly'
    linkToDefaultDomain: empty(customDomain) ? 'Enabled' : 'Disabled'
  }
}

@description('The value of the TXT record _dnsauth of the domain; empty without one.')
output domainValidation string = empty(customDomain) ? '' : profile::domain!.properties.validationProperties.validationToken
