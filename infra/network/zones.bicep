// The private DNS zones of the services that private endpoints lead to.

@export()
@description('The name of the private DNS zone of a service.')
func zoneOf(service string) string =>
  service == 'vault'
    ? replace(environment().suffixes.keyvaultDns, '.vault.', 'privatelink.vaultcore.')
    : 'privatelink.${service}.${environment().suffixes.storage}'
