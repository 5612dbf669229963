// The regions where Azure Functions offers Flex Consumption. To list them, run az functionapp list-flexconsumption-locations. azd offers
// every region of Azure, because it asks for the region before it reads a template that has a .bicepparam file.

@export()
@description('Returns the region if it offers Flex Consumption. Otherwise the deployment fails before it creates anything.')
func flexRegion(name string, variable string) string =>
  contains(
    [
      'australiaeast'
      'australiasoutheast'
      'brazilsouth'
      'canadacentral'
      'centralindia'
      'centralus'
      'eastasia'
      'eastus'
      'eastus2'
      'eastus2euap'
      'francecentral'
      'germanywestcentral'
      'italynorth'
      'japaneast'
      'koreacentral'
      'northcentralus'
      'northeurope'
      'norwayeast'
      'southafricanorth'
      'southcentralus'
      'southeastasia'
      'southindia'
      'spaincentral'
      'swedencentral'
      'uaenorth'
      'uksouth'
      'ukwest'
      'westcentralus'
      'westeurope'
      'westus'
      'westus2'
      'westus3'
    ],
    toLower(replace(name, ' ', ''))
  )
    ? name
    : fail('Azure Functions does not offer Flex Consumption in ${name}. Choose a region from infra/app/regions.bicep: azd env set ${variable} REGION')
