// Reads the values that `azd env set` stored in the azd environment, or uses the defaults.
using 'main.bicep'
import { given, items } from 'environment.bicep'

param environmentName = given(readEnvironmentVariable('AZURE_ENV_NAME', ''), 'remote-mcp')
param location = given(readEnvironmentVariable('AZURE_LOCATION', ''), 'northeurope')

param instanceMemoryMB = any(int(given(readEnvironmentVariable('MCP_INSTANCE_MEMORY', ''), '2048')))
param maximumInstances = int(given(readEnvironmentVariable('MCP_MAX_INSTANCES', ''), '40'))
param alwaysReady = int(given(readEnvironmentVariable('MCP_ALWAYS_READY', ''), '0'))
param httpConcurrency = int(given(readEnvironmentVariable('MCP_HTTP_CONCURRENCY', ''), '100'))
param rollingUpdates = bool(given(readEnvironmentVariable('MCP_ROLLING_UPDATES', ''), 'false'))
param zoneRedundant = bool(given(readEnvironmentVariable('MCP_ZONE_REDUNDANT', ''), 'false'))
param privateNetwork = bool(given(readEnvironmentVariable('MCP_PRIVATE_NETWORK', ''), 'false'))
param networkPrefix = given(readEnvironmentVariable('MCP_NETWORK_PREFIX', ''), '10.91.0.0/24')
param recoverVault = bool(given(readEnvironmentVariable('MCP_RECOVER_VAULT', ''), 'false'))
param customDomain = readEnvironmentVariable('MCP_CUSTOM_DOMAIN', '')
param certificate = readEnvironmentVariable('MCP_CERTIFICATE', '')
param secondLocation = readEnvironmentVariable('MCP_SECOND_LOCATION', '')

// Commas separate the items of a list.
param clientId = readEnvironmentVariable('MCP_CLIENT_ID', '')
param audiences = items(readEnvironmentVariable('MCP_AUDIENCES', ''))
param signIn = any(given(readEnvironmentVariable('MCP_SIGN_IN', ''), 'Server'))
param allowedRedirects = items(readEnvironmentVariable('MCP_ALLOWED_REDIRECTS', ''))
param preauthorizedClients = items(readEnvironmentVariable('MCP_PREAUTHORIZED_CLIENTS', ''))
param allowedClients = items(readEnvironmentVariable('MCP_ALLOWED_CLIENTS', ''))
param userGroups = items(readEnvironmentVariable('MCP_USER_GROUPS', ''))
param serviceManagementReference = readEnvironmentVariable('MCP_SERVICE_MANAGEMENT_REFERENCE', '')
param consentToProfile = bool(given(readEnvironmentVariable('MCP_CONSENT_TO_PROFILE', ''), 'false'))
param filesWritable = bool(given(readEnvironmentVariable('MCP_FILES_WRITABLE', ''), 'false'))
param azureTools = any(given(readEnvironmentVariable('MCP_AZURE_TOOLS', ''), 'off'))

param alertEmails = items(readEnvironmentVariable('MCP_ALERT_EMAILS', ''))
param logCapGB = int(given(readEnvironmentVariable('MCP_LOG_CAP_GB', ''), '1'))
param logDays = int(given(readEnvironmentVariable('MCP_LOG_DAYS', ''), '30'))
param monthlyBudget = int(given(readEnvironmentVariable('MCP_MONTHLY_BUDGET', ''), '0'))
param budgetStart = readEnvironmentVariable('MCP_BUDGET_START', '')

param settings = json(given(readEnvironmentVariable('MCP_SETTINGS', ''), '{}'))
param tags = json(given(readEnvironmentVariable('MCP_TAGS', ''), '{}'))
