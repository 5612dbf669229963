// Says: MCP_MONTHLY_BUDGET needs MCP_BUDGET_START
using '../../main.bicep'

param environmentName = 'refused'
param location = 'northeurope'
param monthlyBudget = 50
