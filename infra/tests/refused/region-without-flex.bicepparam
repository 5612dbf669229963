// Says: Azure Functions does not offer Flex Consumption in switzerlandwest.
using '../../main.bicep'

param environmentName = 'refused'
param location = 'switzerlandwest'
