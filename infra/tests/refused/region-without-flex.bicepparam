// Says: Azure Functions has no Flex Consumption in switzerlandwest.
using '../../main.bicep'

param environmentName = 'refused'
param location = 'switzerlandwest'
