// The alerts. Each alert resolves automatically when its cause is gone.

@description('The name of the action group.')
param actionGroupName string

@description('The region of the workspace.')
param location string

@description('The tags of the deployment.')
param tags object

@description('The workspace whose logs the alerts query.')
param workspaceName string

@description('The resource ids of the storage accounts that the alerts monitor.')
param accountIds string[]

@description('The e-mail addresses that get the alerts. If empty, the owners of the subscription get them.')
param emails string[]

// The requests of the transports that the host reports. The same table contains the server's own spans and the health probes under other
// names. The alerts exclude them, because they would lower the share of failures and hide that no call arrived.
var calls = 'AppRequests | where Name startswith "Mcp"'

// The names of client-side errors in YARP (ForwarderError). The host forwards requests with YARP.
var clientErrors = '"RequestCanceled", "RequestBodyCanceled", "RequestBodyClient", "ResponseBodyCanceled", "ResponseBodyClient"'

// The invocations whose client disconnected. The host reports them as failed, with status 500 if the response had not begun.
var disconnected = join(
  [
    'AppExceptions'
    'where tostring(Details) has_any (${clientErrors})'
    'distinct invocation = tostring(Properties.InvocationId)'
    'where isnotempty(invocation)'
  ],
  ' | '
)

// The invocations whose stream began with status 200 and ended with a server error or with the end of the server's process.
var failedStreams = join(
  [
    'AppTraces'
    'where Message startswith "The state storage does not answer" or Message matches regex "^[A-Z]+ /mcp.* failed[.]$"'
    'union (AppExceptions | where tostring(Details) has "ResponseBodyDestination")'
    'distinct invocation = tostring(Properties.InvocationId)'
    'where isnotempty(invocation)'
  ],
  ' | '
)

var serverErrors = join(
  [
    calls
    'extend invocation = tostring(Properties.InvocationId)'
    'where invocation !in ((${disconnected}))'
    'join kind=leftouter (${failedStreams}) on invocation'
    'summarize total = count(), failed = countif(toint(ResultCode) >= 500 or isnotempty(invocation1))'
    'where failed >= 5 and failed * 100.0 / total > 5'
  ],
  ' | '
)

// Severe alerts run every five minutes. A rule that runs every fifteen minutes costs a third as much.
var queries = [
  {
    name: 'server-errors'
    severity: 1
    description: 'More than 5% of the requests in 15 minutes, and at least 5, ended with 5xx or with an error on their stream.'
    query: serverErrors
    frequency: 'PT5M'
    window: 'PT15M'
  }
  {
    name: 'does-not-start'
    severity: 1
    description: 'The app failed to start, or its process ended unexpectedly, at least 3 times in 15 minutes. Other tables do not show requests that the app could not serve.'
    query: 'FunctionAppLogs | where Level in ("Error", "Critical") and Message has_any ("Language Worker Process exited", "Exceeded language worker restart", "A host error has occurred") | summarize times = count() | where times >= 3'
    frequency: 'PT5M'
    window: 'PT15M'
  }
  {
    name: 'sign-in-keys-unavailable'
    severity: 1
    description: 'The server cannot download the keys of the sign-in service. No user can sign in.'
    query: 'AppTraces | where Message startswith "The keys of the sign-in service could not be downloaded"'
    frequency: 'PT5M'
    window: 'PT15M'
  }
  {
    name: 'slow-calls'
    severity: 2
    description: 'In 30 minutes, there were at least 20 POST requests, and half of them took more than 5 seconds. Streams (GET) do not count, because they are always long.'
    query: '${calls} and tostring(Properties.HttpMethod) =~ "POST" | summarize posts = count(), half = percentile(DurationMs, 50) | where posts >= 20 and half > 5000'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'refused-sign-ins'
    severity: 2
    description: 'At least 50 access tokens were refused in 30 minutes. A client is configured incorrectly, or someone is trying to get access.'
    query: 'AppTraces | where Message startswith "Request " and Message contains ": 401 invalid token" | summarize refused = count() | where refused >= 50'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'silence'
    severity: 3
    description: 'No call arrived in 24 hours. Checked from Tuesday to Friday, so that a weekend causes no alert.'
    query: '${calls} | summarize requests = count() | where requests == 0 and dayofweek(now()) between (2d .. 5d)'
    frequency: 'PT1H'
    window: 'P1D'
  }
  {
    name: 'log-limit-reached'
    severity: 2
    description: 'The daily limit of logs is reached. Until tomorrow, the logs get no new data, so the other log alerts cannot fire.'
    query: '_LogOperation | where Category =~ "Ingestion" and Detail contains "OverQuota"'
    frequency: 'PT15M'
    window: 'PT30M'
  }
]

var owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'remote-mcp'
    emailReceivers: [
      for (email, i) in emails: {
        name: 'email-${i}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
    armRoleReceivers: empty(emails)
      ? [
          {
            name: 'owners'
            roleId: owner
            useCommonAlertSchema: true
          }
        ]
      : []
  }
}

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in queries: {
    name: 'alert-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Remote MCP: ${replace(alert.name, '-', ' ')}'
      description: alert.description
      severity: alert.severity
      enabled: true
      autoMitigate: true
      // The tables of Application Insights do not exist before the first request.
      skipQueryValidation: true
      scopes: [workspace.id]
      evaluationFrequency: alert.frequency
      windowSize: alert.window
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [people.id]
      }
    }
  }
]

resource throttled 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for account in accountIds: {
    name: 'alert-throttled-${last(split(account, '/'))}'
    location: 'global'
    tags: tags
    properties: {
      description: 'The storage account refuses requests because it gets too many.'
      severity: 2
      enabled: true
      autoMitigate: true
      scopes: [account]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: 'throttled'
            criterionType: 'StaticThresholdCriterion'
            metricNamespace: 'Microsoft.Storage/storageAccounts'
            metricName: 'Transactions'
            timeAggregation: 'Total'
            operator: 'GreaterThan'
            threshold: 20
            dimensions: [
              {
                name: 'ResponseType'
                operator: 'Include'
                values: ['ServerBusyError', 'ClientThrottlingError', 'ClientAccountRequestThrottlingError', 'ClientAccountBandwidthThrottlingError']
              }
            ]
          }
        ]
      }
      actions: [
        {
          actionGroupId: people.id
        }
      ]
    }
  }
]
