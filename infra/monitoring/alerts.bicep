// What somebody is told of. Each alert resolves itself when its cause is gone.

@description('The name of the action group.')
param actionGroupName string

@description('The region of the workspace.')
param location string

@description('The tags of the deployment.')
param tags object

@description('The workspace whose logs are watched.')
param workspaceName string

@description('The storage accounts that are watched: their resource ids.')
param accountIds string[]

@description('Who is told: e-mail addresses. None: the owners of the subscription.')
param emails string[]

// What the host reports of the transports. The server's own spans are in the same table under other names, and so are probes of health:
// they would thin out the failures and break the silence.
var calls = 'AppRequests | where Name startswith "Mcp"'

// What YARP, with which the host forwards requests, calls the errors of the client's side (ForwarderError).
var clientErrors = '"RequestCanceled", "RequestBodyCanceled", "RequestBodyClient", "ResponseBodyCanceled", "ResponseBodyClient"'

// Requests whose client left. The host reports their invocations as failed, with the status 500 where no answer had begun.
var left = join(
  [
    'AppExceptions'
    'where tostring(Details) has_any (${clientErrors})'
    'distinct invocation = tostring(Properties.InvocationId)'
    'where isnotempty(invocation)'
  ],
  ' | '
)

// Streams that began with the status 200 and ended with an error of the server, or with the end of its process.
var broken = join(
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
    'where invocation !in ((${left}))'
    'join kind=leftouter (${broken}) on invocation'
    'summarize total = count(), failed = countif(toint(ResultCode) >= 500 or isnotempty(invocation1))'
    'where failed >= 5 and failed * 100.0 / total > 5'
  ],
  ' | '
)

// Grave ones are looked for every five minutes; a rule that looks every fifteen costs a third.
var queries = [
  {
    name: 'server-errors'
    severity: 1
    description: 'More than 5 % of the requests of a quarter of an hour, and at least 5, ended with 5xx or an error on their stream.'
    query: serverErrors
    frequency: 'PT5M'
    window: 'PT15M'
  }
  {
    name: 'does-not-start'
    severity: 1
    description: 'The app failed to start, or its process ended by itself, at least 3 times in a quarter of an hour. Requests that nobody serves are in no other table.'
    query: 'FunctionAppLogs | where Level in ("Error", "Critical") and Message has_any ("Language Worker Process exited", "Exceeded language worker restart", "A host error has occurred") | summarize times = count() | where times >= 3'
    frequency: 'PT5M'
    window: 'PT15M'
  }
  {
    name: 'nobody-signs-in'
    severity: 1
    description: 'The keys of the sign-in service cannot be downloaded, so no caller can sign in.'
    query: 'AppTraces | where Message startswith "The keys of the sign-in service could not be downloaded"'
    frequency: 'PT5M'
    window: 'PT15M'
  }
  {
    name: 'slow-calls'
    severity: 2
    description: 'Half of the POST requests of half an hour, of at least 20, took more than 5 seconds. Streams (GET) are long by nature.'
    query: '${calls} and tostring(Properties.HttpMethod) =~ "POST" | summarize posts = count(), half = percentile(DurationMs, 50) | where posts >= 20 and half > 5000'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'refused-sign-ins'
    severity: 2
    description: 'At least 50 access tokens of half an hour were refused: a client is set up wrongly, or somebody is trying.'
    query: 'AppTraces | where Message startswith "An access token was refused" | summarize refused = count() | where refused >= 50'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'silence'
    severity: 3
    description: 'No call arrived in 24 hours. Asked from Tuesday to Friday, so that a weekend is no alarm.'
    query: '${calls} | summarize requests = count() | where requests == 0 and dayofweek(now()) between (2d .. 5d)'
    frequency: 'PT1H'
    window: 'P1D'
  }
  {
    name: 'logs-cut'
    severity: 2
    description: 'The day\'s limit of logs is reached: until tomorrow nothing else here is seen.'
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
      // The tables of Application Insights appear with the first request.
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
      description: 'The storage account refuses requests because there are too many.'
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
